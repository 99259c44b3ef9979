package io.stepvault.worker;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.retry.RetryRegistry;
import io.stepvault.capture.CaptureRules;
import io.stepvault.storage.StoreOptions;
import io.stepvault.storage.retry.PutLimits;
import io.stepvault.storage.retry.RetryOptions;
import io.stepvault.storage.s3.S3Location;
import io.stepvault.storage.s3.S3Options;
import io.stepvault.worker.assemble.AssembleSettings;
import io.stepvault.worker.batch.BatchLimits;
import io.stepvault.worker.config.BreakerConfig;
import io.stepvault.worker.config.WorkerConfig;
import io.stepvault.worker.flow.SlabPool;
import io.stepvault.worker.spool.SpoolSettings;
import io.stepvault.worker.spool.file.SpoolLimits;
import io.stepvault.worker.store.StoreSettings;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** What the configuration means to each part of the worker. Constants and stateless functions only. */
final class WorkerSettings {
    /** A completion must fit a record of an untouched broker, 1 MiB, with some room. */
    private static final int MAX_COMPLETION_BYTES = 512 * 1024;

    private static final Duration RETRY_BATCH_FIRST = Duration.ofSeconds(1);
    private static final Duration RETRY_BATCH_MAX = Duration.ofSeconds(30);
    private static final Duration SPOOL_RETRY_MAX = Duration.ofMinutes(5);
    private static final Duration STORE_STALLED_AFTER = Duration.ofSeconds(10);

    /** A spooled batch takes up some memory, so that there is a bound to their number besides that of their bytes. */
    private static final int SHARE_OF_MEMORY_FOR_SPOOL_ENTRIES = 8;

    private static final int BYTES_PER_SPOOL_ENTRY = 600;

    private WorkerSettings() {}

    static PipelineSettings pipeline(WorkerConfig config) {
        return new PipelineSettings(
                new CaptureRules(
                        config.budget().capture().bytes(), config.budget().clockSkew()),
                memoryLimit(config),
                new AssembleSettings(
                        config.budget().capture().bytes(),
                        config.budget().chunks().maxBytes().bytes(),
                        config.budget().chunks().timeout()),
                new BatchLimits(
                        config.batch().maxAge(),
                        config.batch().maxBytes().bytes(),
                        config.batch().maxSteps(),
                        MAX_COMPLETION_BYTES),
                new StoreSettings(
                        config.store().puts().maxInFlight(), RETRY_BATCH_FIRST, RETRY_BATCH_MAX, STORE_STALLED_AFTER),
                new SpoolSettings(
                        entriesMaxBytes(config),
                        config.store().spool().setAsideAfter(),
                        config.store().spool().setAsideMax(),
                        RETRY_BATCH_FIRST,
                        SPOOL_RETRY_MAX),
                config.commit().interval(),
                config.commit().maxWaitingCompletions(),
                Optional.empty());
    }

    /** What the consumer prefetches counts as its bound, so reading pauses that much earlier. */
    private static long memoryLimit(WorkerConfig config) {
        long budget = config.budget().memory().bytes();
        return Math.max(budget - config.kafka().fetchMaxBytes().bytes(), budget / 2) - entriesMaxBytes(config);
    }

    /**
     * As much as captures may take up, and an eighth for what is lost between them. By the SDK's clients, a put that was
     * given up may still be read by a connection that is being closed: there, nothing is used again.
     */
    static SlabPool slabs(WorkerConfig config) {
        URI store = config.store().uri();
        boolean bySdk = "s3".equalsIgnoreCase(store.getScheme())
                && (config.store().puts().writePath() == S3Options.WritePath.SDK
                        || S3Location.parse(store).isUnusual());
        return bySdk ? SlabPool.none() : SlabPool.of(memoryLimit(config) / 8 * 9);
    }

    /** A part of its own: batches on the disk must never hold up the reading that they wait for. */
    private static long entriesMaxBytes(WorkerConfig config) {
        return config.budget().memory().bytes() / SHARE_OF_MEMORY_FOR_SPOOL_ENTRIES;
    }

    static SpoolLimits spoolLimits(WorkerConfig config) {
        long entries = entriesMaxBytes(config) / BYTES_PER_SPOOL_ENTRY;
        return new SpoolLimits(
                config.store().spool().maxBytes().bytes(),
                config.store().spool().minFreeBytes().bytes(),
                Math.toIntExact(Math.min(entries, Integer.MAX_VALUE)));
    }

    static CircuitBreakerConfig breaker(WorkerConfig config, Clock clock) {
        BreakerConfig breaker = config.store().breaker();
        return CircuitBreakerConfig.custom()
                .failureRateThreshold(breaker.failureRate())
                .minimumNumberOfCalls(breaker.minimumCalls())
                .slidingWindowSize(Math.max(breaker.minimumCalls(), 20))
                .waitDurationInOpenState(breaker.openFor())
                .permittedNumberOfCallsInHalfOpenState(3)
                .clock(clock)
                .build();
    }

    static StoreOptions storeOptions(WorkerConfig config, Clock clock, RetryRegistry retries, PutLimits.Listener puts) {
        return StoreOptions.defaults()
                .withClock(clock)
                .withPuts(new PutLimits(config.store().puts().maxInFlight(), puts))
                .withRetry(RetryOptions.defaults()
                        .withMaxAttempts(config.store().retry().maxAttempts())
                        .withIntervals(
                                config.store().retry().initialInterval(),
                                config.store().retry().maxInterval())
                        .withRegistry(retries))
                .withCompression(config.store().puts().compression())
                .withS3(S3Options.defaults()
                        .withTimeouts(
                                S3Options.defaults().connectTimeout(),
                                config.store().puts().timeout())
                        .withWritePath(config.store().puts().writePath()));
    }
}
