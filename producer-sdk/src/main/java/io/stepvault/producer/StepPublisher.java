package io.stepvault.producer;

import io.stepvault.event.StepCapture;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Publishes step captures, fire and forget.
 *
 * <pre>{@code
 * try (StepPublisher publisher = StepPublisher.to("broker:9092").open()) {
 *     publisher.publish(capture);
 * }
 * }</pre>
 *
 * <p>A capture that is {@link PublishResult#ACCEPTED} waits in a bounded queue in memory until the broker has it: also
 * while there is no broker. It is lost only if the process ends, the publisher is closed before it went out, the
 * overflow policy evicts it, the {@link Redactor} drops it, or the broker refuses it; all but the first are counted in
 * {@link #stats()}, told to the callbacks and logged.
 *
 * <p><b>Large captures</b> are sent as several records (chunks), which the worker puts together again: see {@link
 * PublisherBuilder#chunkBytes} and {@link PublisherBuilder#maxCaptureBytes}. They count as one capture everywhere, are
 * acknowledged when the last chunk is, and have the offset of that one.
 *
 * <p><b>Sequence numbers.</b> Every capture without a {@code sequence} gets the next number of its session, from 0,
 * when it is published, whether accepted or not: so a dropped capture shows as a gap. A capture that brings a number
 * keeps it, and its session goes on from there if that is ahead. Captures with an unusable session id, and captures
 * published after {@link #close()}, take no number. Counters are kept for the 10,000 sessions published to last and
 * until an accepted capture ends its session; a session that comes back after that starts at 0 again, and so does a
 * session continued by another publisher. Give such captures numbers of your own.
 *
 * <p>All methods are safe for any thread. Captures of one session arrive in the order in which {@code publish} was
 * entered for them, if one thread at a time publishes to the session.
 */
public interface StepPublisher extends AutoCloseable {

    /**
     * Starts the configuration of a publisher to Kafka.
     *
     * @param bootstrapServers one or more {@code host:port}, separated by commas
     */
    static PublisherBuilder to(String bootstrapServers) {
        return new PublisherBuilder(bootstrapServers);
    }

    /**
     * Hands over a capture. Takes ownership of it: its bytes are not copied, so neither they nor its maps may be changed
     * afterwards. Throws nothing, does no I/O on the calling thread, and blocks only with {@link OverflowPolicy.Block}.
     *
     * @return {@link PublishResult#ACCEPTED}, or why not
     */
    PublishResult publish(StepCapture capture);

    /**
     * As {@link #publish}, for callers who want to know when the broker has the capture.
     *
     * <p>Dependent stages run on a thread that all callbacks of this publisher share: use the {@code ...Async} methods of
     * {@link CompletableFuture} for anything that takes long, or the publisher pauses once a few thousand completions
     * wait. Cancelling the future does not recall the capture.
     *
     * @return completes on the broker's acknowledgement, or with a {@link NotPublishedException}
     */
    CompletableFuture<Acknowledgement> publishAsync(StepCapture capture);

    /**
     * Waits until every capture accepted so far is settled.
     *
     * @param timeout how long to wait at most
     * @return true if the broker has acknowledged all of them, but for those that the {@link Redactor} dropped on
     *     purpose; false if some are still on their way (also when interrupted, with the interrupt flag set), or were
     *     lost while waiting
     */
    boolean flush(Duration timeout);

    /** Counts since this publisher was opened, and what is waiting now: a consistent snapshot. */
    PublisherStats stats();

    /**
     * Stops accepting, sends what is queued, and lets go of Kafka. Captures that are not acknowledged within the timeout
     * are given up as {@link DropReason#ABANDONED}, at once if the calling thread is interrupted. Later calls wait for
     * the first and report the same.
     *
     * @param timeout how long to wait at most; a second more if Kafka's producer does not let go in time
     * @return what was left behind
     */
    CloseReport close(Duration timeout);

    /** As {@link #close(Duration)} with 30 seconds; what is left is logged. */
    @Override
    default void close() {
        close(Duration.ofSeconds(30));
    }
}
