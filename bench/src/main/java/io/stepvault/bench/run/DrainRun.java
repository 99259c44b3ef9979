package io.stepvault.bench.run;

import io.stepvault.bench.data.FilledTopic;
import io.stepvault.bench.drain.DrainTarget;
import io.stepvault.bench.stub.StubCounts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/** Lets one contender drain one topic once, watched from outside. Used by one thread. */
public final class DrainRun {
    /** Of the records; what comes last waits for other things than work: ends of batches, rounds of commits. */
    static final double SHARE = 0.98;

    static final String BUCKET = "bench";

    private static final Duration INTERVAL = Duration.ofMillis(50);
    private static final Duration MOST_WITHOUT_PROGRESS = Duration.ofMinutes(2);

    private final TestBed bed;

    /** Runs around this. */
    public DrainRun(TestBed bed) {
        this.bed = bed;
    }

    /**
     * Runs the contender until it has committed {@value #SHARE} of the records, and kills it.
     *
     * @throws ContenderFailedException if it ends, makes no progress for two minutes, or stores too little or too much
     */
    public DrainResult measure(Contender contender, Cell cell, FilledTopic topic)
            throws IOException, InterruptedException {
        String id = contender.id() + "-" + UUID.randomUUID();
        Path directory = bed.directory(id);
        DrainTarget target = new DrainTarget(
                bed.topics().bootstrapServers(), topic.name(), id, bed.endpoint(cell), BUCKET, directory);
        bed.setLatency(cell.latency());
        StubCounts before = bed.counts();
        try (ContenderProcess process = ContenderProcess.start(contender, target, bed.trustFlags())) {
            String group = contender.drain().group(id);
            Sample first = waitFor(process, group, topic, 1);
            Sample last = waitFor(process, group, topic, (long) Math.ceil(SHARE * topic.records()));
            long resident = process.usage().peakResidentBytes();
            GcLog collections = process.collections();
            StubCounts counts = bed.counts().since(before);
            requireStored(contender, topic, counts);
            return new DrainResult(
                    first,
                    last,
                    topic.data().artifactBytes(),
                    resident,
                    counts,
                    new DrainResult.Garbage(collections.allocatedBytes(), collections.fullAfter(first.seconds())));
        } finally {
            TestBed.delete(directory);
        }
    }

    private Sample waitFor(ContenderProcess process, String group, FilledTopic topic, long records)
            throws IOException, InterruptedException {
        long committed = 0;
        long progress = System.nanoTime();
        while (true) {
            long now = bed.topics().committed(group);
            if (now >= records) {
                return process.sample(Math.round((double) now * topic.data().captures() / topic.records()));
            } else if (now > committed) {
                committed = now;
                progress = System.nanoTime();
            } else if (System.nanoTime() - progress > MOST_WITHOUT_PROGRESS.toNanos()) {
                throw new ContenderFailedException("no progress for " + MOST_WITHOUT_PROGRESS.toSeconds() + " s, at "
                        + committed + " of " + topic.records() + " records; " + process.logTail());
            }
            process.requireAlive();
            Thread.sleep(INTERVAL.toMillis()); // the interval of sampling
        }
    }

    private static void requireStored(Contender contender, FilledTopic topic, StubCounts counts)
            throws ContenderFailedException {
        double least = SHARE * topic.data().captures() * topic.data().artifactBytes();
        if (contender.stores() && counts.payloadBytes() < least) {
            throw new ContenderFailedException("committed " + Math.round(100 * SHARE) + " % but stored only "
                    + counts.payloadBytes() + " of " + Math.round(least) + " bytes");
        }
    }
}
