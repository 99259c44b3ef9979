package io.stepvault.producer;

import io.stepvault.event.StepCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where captures wait between the crawler's threads and the sender: numbering, queue and accounts under one lock, so
 * that a session's numbers have the order of its queue and {@link PublisherStats} always add up. Knows nothing of
 * Kafka.
 *
 * <p>Safe for any thread; only {@link #offer} under a blocking policy, {@link #take} and {@link #flush} wait.
 */
final class Outbox {
    private static final int SPINS = 200;

    /** For so long after a capture the taker looks for the next one by itself, and need not be woken. */
    private static final long AWAKE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final QueueLimits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition captures = lock.newCondition();
    private final Condition settled = lock.newCondition();
    private final CaptureQueue queue;
    private final Ledger ledger = new Ledger();
    private final Sequences sequences = new Sequences(Sequences.MAX_SESSIONS);
    private volatile boolean closed;

    Outbox(QueueLimits limits) {
        this.limits = limits;
        this.queue = new CaptureQueue(limits.maxBytes(), limits.maxCount());
    }

    /** What came of an offer. */
    sealed interface Offer {
        /** The capture is queued, and these had to go for it. */
        record Queued(List<Ticket> evicted) implements Offer {}

        /** The capture is not queued, and counted. */
        record Refused(CaptureId id, DropReason reason) implements Offer {}
    }

    /**
     * Numbers a valid capture and queues it.
     *
     * @param bytes its size, serialized; at most the queue's limit
     */
    Offer offer(StepCapture capture, long bytes, Optional<CompletableFuture<Acknowledgement>> future) {
        lockPatiently();
        try {
            if (limits.overflow() instanceof OverflowPolicy.Block block) {
                awaitRoom(bytes, block.atMost());
            }
            if (closed) {
                return refuseLocked(capture, DropReason.CLOSED);
            }
            List<Ticket> evicted = limits.overflow() instanceof OverflowPolicy.DropOldest ? makeRoom(bytes) : List.of();
            if (!queue.hasRoomFor(bytes)) {
                return refuseLocked(capture, DropReason.QUEUE_FULL);
            }
            CaptureId id = number(capture);
            queue.add(new QueuedCapture(new Ticket(ledger.accept(), id, future), capture, bytes));
            if (capture.getEndOfSession()) {
                sequences.forget(capture.getSessionId());
            }
            captures.signal();
            return new Offer.Queued(evicted);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Counts a capture that cannot be queued.
     *
     * @param numbered whether its session id is usable, so that it takes a number and shows as a gap
     */
    CaptureId refuse(@Nullable StepCapture capture, DropReason reason, boolean numbered) {
        lock.lock();
        try {
            ledger.refuse(reason);
            return capture != null && numbered && !closed
                    ? number(capture)
                    : CaptureId.of(capture, capture == null ? Optional.empty() : capture.getSequence());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the oldest capture, waiting for one. Null when the outbox is closed and empty. For one thread.
     *
     * <p>To wake a thread costs the one that wakes it more than all the rest of {@link #offer}, and that is the crawler's.
     * So while captures come, this looks for them every other millisecond; only after a second without any it has itself
     * woken.
     */
    @Nullable
    QueuedCapture take() throws InterruptedException {
        long awakeUntil = System.nanoTime() + AWAKE_NANOS;
        while (true) {
            boolean awake = System.nanoTime() - awakeUntil < 0;
            lockPatiently();
            try {
                while (!awake && queue.count() == 0 && !closed) {
                    captures.await();
                }
                if (queue.count() > 0 || closed) {
                    room.signalAll();
                    return queue.poll();
                }
            } finally {
                lock.unlock();
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_NANOS);
        }
    }

    /**
     * Spins a little before it parks: the lock is never held for long, and parking costs both the thread that waits and
     * the one that has to wake it many times more.
     */
    private void lockPatiently() {
        for (int i = 0; i < SPINS; i++) {
            if (lock.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        lock.lock();
    }

    /** The broker has the capture. Returns false if it was settled before. */
    boolean acknowledge(Ticket ticket) {
        lockPatiently();
        try {
            return announce(ledger.acknowledge(ticket.number()));
        } finally {
            lock.unlock();
        }
    }

    /** Kafka refused the capture for good. Returns false if it was settled before. */
    boolean fail(Ticket ticket) {
        lockPatiently();
        try {
            return announce(ledger.fail(ticket.number()));
        } finally {
            lock.unlock();
        }
    }

    /** A capture taken from the queue is dropped. Returns false if it was settled before. */
    boolean drop(Ticket ticket, DropReason reason) {
        lockPatiently();
        try {
            return announce(ledger.drop(ticket.number(), reason));
        } finally {
            lock.unlock();
        }
    }

    /** Gives up everything that waits. */
    List<Ticket> abandonQueue() {
        lock.lock();
        try {
            List<Ticket> abandoned = new ArrayList<>(queue.count());
            for (QueuedCapture next = queue.poll(); next != null; next = queue.poll()) {
                announce(ledger.drop(next.ticket().number(), DropReason.ABANDONED));
                abandoned.add(next.ticket());
            }
            return abandoned;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link StepPublisher#flush}. */
    boolean flush(Duration timeout) {
        lock.lock();
        Ledger.Watch watch = ledger.watch();
        try {
            long left = nanos(timeout);
            while (!watch.isSettled() && left > 0) {
                left = settled.awaitNanos(left);
            }
            return watch.isSettled() && !watch.hasLost();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            ledger.unwatch(watch);
            lock.unlock();
        }
    }

    /** Refuses all further captures. What is queued can still be taken. */
    void close() {
        lock.lock();
        try {
            closed = true;
            room.signalAll();
            captures.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        return closed;
    }

    PublisherStats stats(long skippedCallbacks) {
        lock.lock();
        try {
            return ledger.stats(queue.count(), queue.bytes(), skippedCallbacks);
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom(long bytes, Duration atMost) {
        long left = nanos(atMost);
        try {
            while (!closed && !queue.hasRoomFor(bytes) && left > 0) {
                left = room.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // The caller wants its thread back: the capture is taken if there is room, and refused if not.
            Thread.currentThread().interrupt();
        }
    }

    private List<Ticket> makeRoom(long bytes) {
        List<Ticket> evicted = new ArrayList<>();
        while (!queue.hasRoomFor(bytes)) {
            QueuedCapture oldest = queue.poll();
            if (oldest == null) {
                break;
            }
            announce(ledger.drop(oldest.ticket().number(), DropReason.EVICTED));
            evicted.add(oldest.ticket());
        }
        return evicted;
    }

    private Offer refuseLocked(StepCapture capture, DropReason reason) {
        ledger.refuse(reason);
        CaptureId id = reason == DropReason.CLOSED ? CaptureId.of(capture, capture.getSequence()) : number(capture);
        return new Offer.Refused(id, reason);
    }

    private CaptureId number(StepCapture capture) {
        return CaptureId.of(capture, Optional.of(sequences.number(capture.getSessionId(), capture.getSequence())));
    }

    private boolean announce(boolean newlySettled) {
        if (newlySettled && ledger.isWatched()) {
            settled.signalAll();
        }
        return newlySettled;
    }

    private static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }
}
