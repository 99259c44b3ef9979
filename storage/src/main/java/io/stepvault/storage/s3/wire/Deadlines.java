package io.stepvault.storage.s3.wire;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Cuts off what takes too long. A socket's own timeout ends only a read that gets nothing; a server that takes a byte now
 * and then would hold a request for ever. One look at all of them now and then is cheaper than a timer for each. Safe for
 * any thread.
 */
final class Deadlines {
    private final Set<Deadline> running = ConcurrentHashMap.newKeySet();
    private final LongSupplier nanoTime;

    /** By a clock that counts nanoseconds. */
    Deadlines(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Something that is under way until it is closed. */
    final class Deadline implements AutoCloseable {
        private final long end;
        private final Runnable cutOff;
        private final AtomicBoolean passed = new AtomicBoolean();

        private Deadline(long end, Runnable cutOff) {
            this.end = end;
            this.cutOff = cutOff;
        }

        /** Whether it was cut off. */
        boolean hasPassed() {
            return passed.get();
        }

        @Override
        public void close() {
            running.remove(this);
        }
    }

    /** Runs {@code cutOff}, on the thread that looks, if the deadline is not closed in time. */
    Deadline begin(Duration timeout, Runnable cutOff) {
        Deadline deadline = new Deadline(nanoTime.getAsLong() + timeout.toNanos(), cutOff);
        running.add(deadline);
        return deadline;
    }

    /** Cuts off whatever is late. */
    void look() {
        long now = nanoTime.getAsLong();
        for (Deadline deadline : running) {
            if (now - deadline.end >= 0 && deadline.passed.compareAndSet(false, true)) {
                deadline.cutOff.run();
            }
        }
    }
}
