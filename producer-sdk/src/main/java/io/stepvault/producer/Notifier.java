package io.stepvault.producer;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Tells others what became of captures: logs, callbacks and futures, all on one daemon thread, so that neither the
 * crawler's threads nor Kafka's ever run or wait for code that is not ours. The thread ends by itself when there is
 * nothing to tell, so there is nothing to close.
 *
 * <p>Bounded: callbacks are left out (and counted) while {@value #MAX_WAITING} things wait to be told; futures never
 * are, but the sender pauses while {@link #isBehind()}. Safe for any thread.
 */
final class Notifier {
    static final int MAX_WAITING = 4_096;

    private static final Logger log = LoggerFactory.getLogger(Notifier.class);
    private static final Duration LOG_INTERVAL = Duration.ofSeconds(10);
    private static final long IDLE_THREAD_SECONDS = 10;

    private final Optional<Consumer<DroppedCapture>> onDropped;
    private final Optional<Consumer<FailedCapture>> onFailed;
    private final Map<DropReason, LogThrottle> dropLogs = new ConcurrentHashMap<>();
    private final Clock clock;
    private final LogThrottle failLog;
    private final LogThrottle callbackLog;
    private final AtomicLong skipped = new AtomicLong();
    private final TellingThread telling = new TellingThread();
    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(1, 1, IDLE_THREAD_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), telling);

    Notifier(Optional<Consumer<DroppedCapture>> onDropped, Optional<Consumer<FailedCapture>> onFailed, Clock clock) {
        this.onDropped = onDropped;
        this.onFailed = onFailed;
        this.clock = clock;
        this.failLog = new LogThrottle(clock, LOG_INTERVAL);
        this.callbackLog = new LogThrottle(clock, LOG_INTERVAL);
        executor.allowCoreThreadTimeOut(true);
    }

    /** A capture that was never accepted is dropped: {@code publish} says so too. */
    void dropped(CaptureId id, DropReason reason, String detail) {
        long captures = dropLogs.computeIfAbsent(reason, first -> new LogThrottle(clock, LOG_INTERVAL))
                .count();
        if (captures > 0) {
            tell(() -> log.atLevel(level(reason))
                    .addKeyValue("reason", reason.code())
                    .addKeyValue("captures", captures)
                    .addKeyValue("session", id.sessionId())
                    .addKeyValue("step", id.stepId())
                    .addKeyValue("detail", detail)
                    .log("Captures dropped; the last one is named"));
        }
        onDropped.ifPresent(
                callback -> tellUnlessBehind(() -> callback.accept(new DroppedCapture(id, reason, detail))));
    }

    private static Level level(DropReason reason) {
        return switch (reason) {
            case REDACTED -> Level.DEBUG; // as the application wants it
            case REDACTION_FAILED -> Level.ERROR; // the hook has to be mended
            default -> Level.WARN;
        };
    }

    /** An accepted capture is dropped. */
    void dropped(Ticket ticket, DropReason reason, String detail) {
        ticket.future()
                .ifPresent(
                        future -> tell(() -> future.completeExceptionally(new NotPublishedException(reason, detail))));
        dropped(ticket.id(), reason, detail);
    }

    /** Kafka refused a capture for good. */
    void failed(Ticket ticket, Exception cause) {
        ticket.future().ifPresent(future -> tell(() -> future.completeExceptionally(new NotPublishedException(cause))));
        long captures = failLog.count();
        if (captures > 0) {
            tell(() -> log.atError()
                    .addKeyValue("captures", captures)
                    .addKeyValue("session", ticket.id().sessionId())
                    .addKeyValue("step", ticket.id().stepId())
                    .setCause(cause)
                    .log("Kafka refused captures for good; the last one is named"));
        }
        onFailed.ifPresent(callback -> tellUnlessBehind(() -> callback.accept(new FailedCapture(ticket.id(), cause))));
    }

    /** The broker has a capture. */
    void acknowledged(Ticket ticket, Acknowledgement acknowledgement) {
        ticket.future().ifPresent(future -> tell(() -> future.complete(acknowledgement)));
    }

    /** Whether so much waits to be told that no more should be sent for now. */
    boolean isBehind() {
        return executor.getQueue().size() >= MAX_WAITING;
    }

    long skippedCallbacks() {
        return skipped.get();
    }

    /** Waits until all is told that waits to be told now, or the time is up; does not wait when told to by a callback. */
    void awaitTold(Duration timeout) throws InterruptedException {
        if (!telling.isCurrent()) {
            CountDownLatch told = new CountDownLatch(1);
            tell(told::countDown);
            told.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void tellUnlessBehind(Runnable callback) {
        if (isBehind()) {
            skipped.incrementAndGet();
        } else {
            tell(callback);
        }
    }

    private void tell(Runnable news) {
        executor.execute(() -> {
            try {
                news.run();
            } catch (RuntimeException | Error e) {
                if (callbackLog.count() > 0) {
                    log.atWarn().setCause(e).log("A callback of the publisher threw; publishing goes on");
                }
            }
        });
    }

    /** Makes the one thread, and knows it again. */
    private static final class TellingThread implements ThreadFactory {
        private volatile @Nullable Thread thread;

        @Override
        public Thread newThread(Runnable task) {
            Thread daemon = new Thread(task, "stepvault-publisher-callbacks");
            daemon.setDaemon(true);
            thread = daemon;
            return daemon;
        }

        boolean isCurrent() {
            return Thread.currentThread() == thread;
        }
    }
}
