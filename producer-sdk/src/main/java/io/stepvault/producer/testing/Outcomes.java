package io.stepvault.producer.testing;

import io.stepvault.event.StepCapture;
import io.stepvault.producer.Acknowledgement;
import io.stepvault.producer.CaptureId;
import io.stepvault.producer.CloseReport;
import io.stepvault.producer.DropReason;
import io.stepvault.producer.DroppedCapture;
import io.stepvault.producer.FailedCapture;
import io.stepvault.producer.NotPublishedException;
import io.stepvault.producer.PublishResult;
import io.stepvault.producer.PublisherStats;
import io.stepvault.producer.testing.InMemoryBuilder.Callbacks;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.wire.UndecodableException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What became of captures.
 *
 * <p>Not safe for concurrent use: {@link InMemoryStepPublisher} guards it.
 */
final class Outcomes {
    private static final String TOPIC = "in-memory";

    private final SingleObjectCodec<StepCapture> codec = SingleObjectCodec.stepCaptures();
    private final List<StepCapture> arrived = new ArrayList<>();
    private final List<DroppedCapture> dropped = new ArrayList<>();
    private final List<FailedCapture> failed = new ArrayList<>();
    private final List<Long> lost = new ArrayList<>();

    /** An accepted capture, numbered in the order of acceptance. */
    record Waiting(
            long number,
            CaptureId id,
            StepCapture capture,
            long bytes,
            Optional<CompletableFuture<Acknowledgement>> future) {}

    /** What came of a call, and whom to tell once the lock is let go. */
    static final class News {
        private final Callbacks callbacks;
        private final List<Runnable> messages = new ArrayList<>();
        private PublishResult result = PublishResult.ACCEPTED;
        private CloseReport report = new CloseReport(0, 0);

        News(Callbacks callbacks) {
            this.callbacks = callbacks;
        }

        List<Runnable> messages() {
            return messages;
        }

        PublishResult result() {
            return result;
        }

        void result(PublishResult of) {
            result = of;
        }

        CloseReport report() {
            return report;
        }

        void report(CloseReport of) {
            report = of;
        }
    }

    /** A capture arrives, by way of its bytes: so it is cut off from whatever the crawler still does with it. */
    void arrive(Waiting next, StepCapture capture, News news) {
        try {
            arrived.add(codec.decode(codec.encode(capture)));
        } catch (UndecodableException | RuntimeException e) {
            fail(next, e, news); // it was changed since it was published
            return;
        }
        Acknowledgement acknowledgement = new Acknowledgement(TOPIC, 0, arrived.size() - 1L);
        next.future().ifPresent(future -> news.messages.add(() -> future.complete(acknowledgement)));
    }

    void fail(Waiting next, Exception cause, News news) {
        lost.add(next.number());
        FailedCapture failure = new FailedCapture(next.id(), cause);
        failed.add(failure);
        next.future()
                .ifPresent(future ->
                        news.messages.add(() -> future.completeExceptionally(new NotPublishedException(cause))));
        news.messages.add(() -> news.callbacks.onFailed().accept(failure));
    }

    /** An accepted capture is dropped. */
    void drop(Waiting next, DropReason reason, String detail, News news) {
        if (reason != DropReason.REDACTED) {
            lost.add(next.number());
        }
        refuse(new DroppedCapture(next.id(), reason, detail), next.future(), news);
    }

    /** A capture that was never accepted is dropped. */
    void refuse(DroppedCapture drop, Optional<CompletableFuture<Acknowledgement>> asked, News news) {
        dropped.add(drop);
        asked.ifPresent(future -> news.messages.add(
                () -> future.completeExceptionally(new NotPublishedException(drop.reason(), drop.detail()))));
        news.messages.add(() -> news.callbacks.onDropped().accept(drop));
    }

    List<StepCapture> arrived() {
        return arrived;
    }

    List<DroppedCapture> dropped() {
        return dropped;
    }

    List<FailedCapture> failed() {
        return failed;
    }

    /** The numbers of accepted captures that were lost, in the order of their loss. */
    List<Long> lost() {
        return lost;
    }

    PublisherStats stats(long accepted, PublisherStats.Backlog backlog) {
        Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
        dropped.forEach(drop -> drops.merge(drop.reason(), 1L, Long::sum));
        return new PublisherStats(accepted, arrived.size(), failed.size(), drops, backlog, 0);
    }
}
