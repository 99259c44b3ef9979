package io.stepvault.producer.completion;

import io.stepvault.event.CompletedStep;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Listens for completions: tells a callback of every session batch that a worker has stored and that can be read now.
 *
 * <pre>{@code
 * try (StepCompletions completions = StepCompletions.from("broker:9092")
 *         .onlySessions(Set.of("crawl-42"))
 *         .listen(batch -> System.out.println(batch.getSteps()))) {
 *     ...
 * }
 * }</pre>
 *
 * <p>Only completions of committed transactions are told ({@code read_committed}), in offset order per session and
 * partition. Each is told <b>once</b> to a listener without a group, for as long as it lives; a group is told of each <b>at
 * least once</b>: offsets are committed after the callback has returned, so that a member that ends in between leaves some
 * to be told again. A replay that publishes completions adds its own, which have a replay id.
 *
 * <p>An outage of the brokers, a missing topic or a missing permission is not an error: it is logged and tried again. All
 * methods are safe for any thread.
 */
public final class StepCompletions implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final CompletionFollower follower;
    private final Listener listener;
    private final StepWatches watches;
    private final boolean seesAll;

    StepCompletions(CompletionFollower follower, Listener listener, StepWatches watches, boolean seesAll) {
        this.follower = follower;
        this.listener = listener;
        this.watches = watches;
        this.seesAll = seesAll;
    }

    /**
     * Starts the configuration of a listener.
     *
     * @param bootstrapServers one or more {@code host:port}, separated by commas
     */
    public static CompletionsBuilder from(String bootstrapServers) {
        return new CompletionsBuilder(bootstrapServers);
    }

    /**
     * Waits until it is settled where reading starts. Everything that is completed after that is told, also if the brokers
     * go away; with {@link CompletionStart#latest()}, what is completed before may be missed.
     *
     * @return false if the brokers did not answer in time, if this was closed, or if interrupted (with the interrupt flag
     *     set)
     */
    public boolean awaitReady(Duration timeout) {
        try {
            return follower.awaitReady(timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Waits for a step to be stored, whatever sessions the callback is told of:
     *
     * <pre>{@code
     * CompletableFuture<CompletedStep> stored = completions.stored("crawl-42", "step-1");
     * publisher.publish(step);
     * stored.get(1, TimeUnit.MINUTES);
     * }</pre>
     *
     * <p>It tells of the next completion that names the step, so ask before the step is published, and after {@link
     * #awaitReady}. It cannot tell two captures of one step apart; their revisions do. Dependent stages run on the thread
     * that follows the topic: use the {@code ...Async} methods for anything that takes long.
     *
     * @return completes when the step is stored, with a {@link NotStoredException} when it went to the dead-letter topic, and
     *     never if the capture was lost on its way: always wait with a time limit. Cancelled when this is closed
     * @throws IllegalStateException if this is a member of a group, which may never be told of the step
     */
    public CompletableFuture<CompletedStep> stored(String sessionId, String stepId) {
        if (!seesAll) {
            throw new IllegalStateException(
                    "a member of a group is told of some sessions only; wait for steps with a listener without a group");
        }
        return watches.watch(sessionId, stepId);
    }

    /** Counts since this was started. */
    public CompletionStats stats() {
        return listener.stats();
    }

    /**
     * Stops listening and lets go of Kafka. Does not interrupt the callback: if that takes longer than the timeout, the
     * thread ends when it returns. May be called by the callback, and again.
     *
     * @param timeout how long to wait at most for the callback to return; up to a second of it goes to leaving the group
     * @return whether the thread has ended, so that nothing will be told any more; false also if interrupted (with the
     *     interrupt flag set)
     */
    public boolean close(Duration timeout) {
        try {
            return follower.close(timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** As {@link #close(Duration)} with 10 seconds. */
    @Override
    public void close() {
        close(CLOSE_TIMEOUT);
    }
}
