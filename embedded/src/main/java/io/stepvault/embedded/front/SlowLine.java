package io.stepvault.embedded.front;

import java.time.Duration;

/** A line of limited bandwidth that several connections share: says how long each must wait for its turn. Safe for any thread. */
final class SlowLine {
    private long freeAtNanos;

    SlowLine(long nowNanos) {
        freeAtNanos = nowNanos;
    }

    /** Takes the line for so many bytes; they are through after the time that is returned. */
    synchronized Duration take(int bytes, int bytesPerSecond, long nowNanos) {
        long start = freeAtNanos - nowNanos > 0 ? freeAtNanos : nowNanos;
        freeAtNanos = start + bytes * 1_000_000_000L / bytesPerSecond;
        return Duration.ofNanos(freeAtNanos - nowNanos);
    }
}
