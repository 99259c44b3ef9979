package io.stepvault.devkit.chaos;

import io.stepvault.worker.cli.cluster.TopicReader;
import io.stepvault.worker.config.KafkaConfig;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Follows the completions as they come, to see how long there are none. On a thread of its own; its methods are safe for
 * any.
 */
final class CompletionFlow implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final AtomicLong steps = new AtomicLong();
    private final AtomicLong longestStallNanos = new AtomicLong();
    private final BooleanSupplier awaited;
    private final Thread thread;
    private volatile boolean ending;

    private CompletionFlow(TopicReader reader, BooleanSupplier awaited) {
        this.awaited = awaited;
        this.thread = new Thread(() -> follow(reader), "chaos-completions");
        thread.setDaemon(true);
    }

    /** @param awaited whether completions can be expected now: there is a load, and a store to take it */
    static CompletionFlow start(KafkaConfig kafka, BooleanSupplier awaited) {
        CompletionFlow flow = new CompletionFlow(TopicReader.open(kafka, ChaosTopics.COMPLETIONS, TIMEOUT), awaited);
        flow.thread.start();
        return flow;
    }

    private void follow(TopicReader reader) {
        try (reader) {
            long last = System.nanoTime();
            while (!ending) {
                long before = steps.get();
                reader.read()
                        .forEach(message -> steps.addAndGet(
                                CompletionLog.decode(message.value()).getSteps().size()));
                long now = System.nanoTime();
                if (steps.get() > before || !awaited.getAsBoolean()) {
                    last = now;
                }
                longestStallNanos.accumulateAndGet(now - last, Math::max);
            }
        }
    }

    /** How many steps were completed until now, those completed twice counted twice. */
    long steps() {
        return steps.get();
    }

    /** The longest time in which completions could be expected and none came. */
    Duration longestStall() {
        return Duration.ofNanos(longestStallNanos.get());
    }

    @Override
    public void close() {
        ending = true;
    }
}
