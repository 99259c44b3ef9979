package io.stepvault.worker;

import io.stepvault.worker.batch.CaptureChoice;
import io.stepvault.worker.config.WorkerConfig;
import io.stepvault.worker.flow.DeadLetter;
import io.stepvault.worker.replay.RangeTally;
import io.stepvault.worker.replay.TopicRange;
import io.stepvault.worker.store.StepWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Reads ranges of the topic to their ends, one after the other, and waits for it. For one thread. */
final class RangeReading {
    private static final long LOOK_EVERY_MS = 100;

    private final WorkerConfig config;
    private final Path temporary;
    private final RangeWatch watch;

    /**
     * Readings in consumer groups of their own, which leave no offsets.
     *
     * @param temporary a directory for captures that came in chunks
     */
    RangeReading(WorkerConfig config, Path temporary, RangeWatch watch) {
        this.config = config;
        this.temporary = temporary;
        this.watch = watch;
    }

    /**
     * Who is given what is read, all on another thread, and no more once the reading has ended.
     *
     * @param choice what of it goes to the store
     * @param store is given the captures; may be asked for nothing
     */
    record Readers(CaptureChoice choice, StepWriter store, RangeTally tally, Consumer<DeadLetter> refused) {}

    /**
     * Reads a range to its end.
     *
     * @throws InterruptException if the thread is interrupted (its flag stays set)
     * @throws KafkaException if it cannot go on
     * @throws RuntimeException whatever one of those who are given what is read has thrown
     */
    void read(TopicRange range, Readers readers) {
        String name = "audit-" + UUID.randomUUID();
        RangeRun.Plan plan = new RangeRun.Plan(
                range,
                config.kafka().groupId() + "-" + name,
                false,
                Optional.empty(),
                newDirectory(name),
                readers.choice());
        try (RangeRun run = RangeRun.start(config, plan, readers.store(), readers.tally(), readers.refused())) {
            if (!awaitEnd(run)) {
                throw new KafkaException("reading the topic has ended before the end of the range; run it again");
            }
        }
    }

    private Path newDirectory(String name) {
        try {
            return Files.createDirectory(temporary.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private boolean awaitEnd(RangeRun run) {
        while (true) {
            try {
                return run.ended().get(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                watch.look(run.trouble());
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw new KafkaException("reading the topic cannot go on: " + e.getCause(), e.getCause());
            }
        }
    }
}
