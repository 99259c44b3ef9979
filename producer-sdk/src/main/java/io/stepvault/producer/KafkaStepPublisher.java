package io.stepvault.producer;

import io.stepvault.event.StepCapture;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The publisher to Kafka: checks captures on the caller's thread, leaves them in the {@link Outbox}, and lets a {@link
 * KafkaSender} take them from there.
 *
 * <p>Safe for any thread.
 */
final class KafkaStepPublisher implements StepPublisher {
    private static final Logger log = LoggerFactory.getLogger(KafkaStepPublisher.class);

    private static final String CLOSED = "the publisher is closed";

    private final Outbox outbox;
    private final CaptureCheck check;
    private final KafkaSender sender;
    private final Notifier notifier;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<CloseReport> closeReport = new CompletableFuture<>();

    /** Starts the sender. */
    KafkaStepPublisher(Outbox outbox, CaptureCheck check, KafkaSender sender, Notifier notifier) {
        this.outbox = outbox;
        this.check = check;
        this.sender = sender;
        this.notifier = notifier;
        sender.start();
    }

    @Override
    public PublishResult publish(StepCapture capture) {
        return publish(capture, Optional.empty());
    }

    @Override
    public CompletableFuture<Acknowledgement> publishAsync(StepCapture capture) {
        CompletableFuture<Acknowledgement> future = new CompletableFuture<>();
        publish(capture, Optional.of(future));
        return future;
    }

    private PublishResult publish(@Nullable StepCapture capture, Optional<CompletableFuture<Acknowledgement>> future) {
        if (outbox.isClosed()) {
            return refuse(capture, DropReason.CLOSED, CLOSED, future);
        }
        CaptureCheck.Verdict verdict = check.check(capture);
        if (capture == null || verdict instanceof CaptureCheck.Verdict.Unsound) {
            CaptureCheck.Verdict.Unsound unsound = (CaptureCheck.Verdict.Unsound) verdict;
            return refuse(capture, unsound.reason(), unsound.detail(), future);
        }
        long bytes = ((CaptureCheck.Verdict.Sound) verdict).bytes();
        Outbox.Offer offer = outbox.offer(capture, bytes, future);
        if (offer instanceof Outbox.Offer.Queued queued) {
            for (Ticket evicted : queued.evicted()) {
                notifier.dropped(evicted, DropReason.EVICTED, "the queue is full and newer captures came");
            }
            return PublishResult.ACCEPTED;
        }
        Outbox.Offer.Refused refused = (Outbox.Offer.Refused) offer;
        String detail = refused.reason() == DropReason.CLOSED ? CLOSED : "the queue is full; Kafka is slow or away";
        return tell(refused.id(), refused.reason(), detail, future);
    }

    private PublishResult refuse(
            @Nullable StepCapture capture,
            DropReason reason,
            String detail,
            Optional<CompletableFuture<Acknowledgement>> future) {
        return tell(outbox.refuse(capture, reason, CaptureId.hasUsableSession(capture)), reason, detail, future);
    }

    private PublishResult tell(
            CaptureId id, DropReason reason, String detail, Optional<CompletableFuture<Acknowledgement>> future) {
        notifier.dropped(id, reason, detail);
        // Nobody else has the future yet, so that no code of others runs here.
        future.ifPresent(waiting -> waiting.completeExceptionally(new NotPublishedException(reason, detail)));
        return PublishResult.refusedAs(reason);
    }

    @Override
    public boolean flush(Duration timeout) {
        return outbox.flush(timeout);
    }

    @Override
    public PublisherStats stats() {
        return outbox.stats(notifier.skippedCallbacks());
    }

    @Override
    public CloseReport close(Duration timeout) {
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
        outbox.close();
        CloseReport report = closing.compareAndSet(false, true) ? closeSender(timeout) : awaitClosed(timeout);
        try {
            notifier.awaitTold(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return report;
    }

    private CloseReport closeSender(Duration timeout) {
        CloseReport report = sender.close(timeout);
        closeReport.complete(report);
        if (!report.nothingLeft()) {
            log.atWarn()
                    .addKeyValue("in_queue", report.abandonedInQueue())
                    .addKeyValue("in_flight", report.abandonedInFlight())
                    .addKeyValue("timeout", timeout)
                    .log("The publisher was closed with captures not acknowledged; they are lost, or may be");
        }
        return report;
    }

    private CloseReport awaitClosed(Duration timeout) {
        try {
            return closeReport.get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            log.atDebug().setCause(e).log("The publisher is still being closed by another thread");
        }
        PublisherStats.Backlog backlog = stats().backlog();
        return new CloseReport(backlog.queued(), backlog.inFlight());
    }
}
