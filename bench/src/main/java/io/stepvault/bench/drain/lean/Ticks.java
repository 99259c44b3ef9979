package io.stepvault.bench.drain.lean;

import java.time.Duration;

/** Says when something that is done at intervals is due. For one thread. */
final class Ticks {
    private final long nanos;
    private long last = System.nanoTime();

    Ticks(Duration interval) {
        this.nanos = interval.toNanos();
    }

    /** Whether an interval has passed since it was last true. */
    boolean isDue() {
        long now = System.nanoTime();
        if (now - last < nanos) {
            return false;
        }
        last = now;
        return true;
    }
}
