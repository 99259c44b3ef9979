package io.stepvault.storage;

import io.stepvault.storage.retry.Pace;
import io.stepvault.storage.retry.PutLimits;
import io.stepvault.storage.retry.RetryOptions;
import io.stepvault.storage.s3.S3Options;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * How a step store works, whatever it is made of.
 *
 * @param clock tells which captures are old and how long ago a day marker was written
 * @param executor hashes captures, compresses them if asked to, and, on a file system, writes; must not run tasks on the thread that hands them over
 *     but in tests. Empty: threads of the store's own
 * @param scheduler starts the attempts after the first. Empty: a thread of the store's own
 * @param retry how failed calls are tried again
 * @param puts how many objects are written at once
 * @param maxReadsInFlight how many steps are read at once when many are asked for, at least 1. Threads of the store's own
 *     wait for them
 * @param compression how artifacts are stored; what is stored already is read in either form
 * @param pace how fast the store may be asked; empty: as fast as it answers
 * @param s3 what concerns S3 only
 */
public record StoreOptions(
        Clock clock,
        Optional<Executor> executor,
        Optional<ScheduledExecutorService> scheduler,
        RetryOptions retry,
        PutLimits puts,
        int maxReadsInFlight,
        Compression compression,
        Optional<Pace> pace,
        S3Options s3) {

    /** Checks the bounds. */
    public StoreOptions {
        if (maxReadsInFlight < 1) {
            throw new IllegalArgumentException("at least 1 read in flight is needed, not " + maxReadsInFlight);
        }
    }

    /** The system's clock, own threads, four attempts, 64 puts and 16 reads in flight, nothing compressed. */
    public static StoreOptions defaults() {
        return new StoreOptions(
                Clock.systemUTC(),
                Optional.empty(),
                Optional.empty(),
                RetryOptions.defaults(),
                PutLimits.of(64),
                16,
                Compression.NONE,
                Optional.empty(),
                S3Options.defaults());
    }

    /** The same by another clock. */
    public StoreOptions withClock(Clock other) {
        return new StoreOptions(other, executor, scheduler, retry, puts, maxReadsInFlight, compression, pace, s3);
    }

    /** The same on another executor, which is not closed with the store. */
    public StoreOptions withExecutor(Executor other) {
        return new StoreOptions(
                clock, Optional.of(other), scheduler, retry, puts, maxReadsInFlight, compression, pace, s3);
    }

    /** The same on another scheduler, which is not closed with the store. */
    public StoreOptions withScheduler(ScheduledExecutorService other) {
        return new StoreOptions(
                clock, executor, Optional.of(other), retry, puts, maxReadsInFlight, compression, pace, s3);
    }

    /** The same with other retries. */
    public StoreOptions withRetry(RetryOptions other) {
        return new StoreOptions(clock, executor, scheduler, other, puts, maxReadsInFlight, compression, pace, s3);
    }

    /** The same with another bound on puts in flight. */
    public StoreOptions withMaxPutsInFlight(int max) {
        return withPuts(PutLimits.of(max));
    }

    /** The same with other limits of puts in flight. */
    public StoreOptions withPuts(PutLimits other) {
        return new StoreOptions(clock, executor, scheduler, retry, other, maxReadsInFlight, compression, pace, s3);
    }

    /** The same with another bound on reads in flight. */
    public StoreOptions withMaxReadsInFlight(int max) {
        return new StoreOptions(clock, executor, scheduler, retry, puts, max, compression, pace, s3);
    }

    /** The same with artifacts stored in another form. */
    public StoreOptions withCompression(Compression other) {
        return new StoreOptions(clock, executor, scheduler, retry, puts, maxReadsInFlight, other, pace, s3);
    }

    /** The same at another pace. */
    public StoreOptions withPace(Pace other) {
        return new StoreOptions(
                clock, executor, scheduler, retry, puts, maxReadsInFlight, compression, Optional.of(other), s3);
    }

    /** The most puts in flight. */
    public int maxPutsInFlight() {
        return puts.max();
    }

    /** The same with other S3 options. */
    public StoreOptions withS3(S3Options other) {
        return new StoreOptions(clock, executor, scheduler, retry, puts, maxReadsInFlight, compression, pace, other);
    }
}
