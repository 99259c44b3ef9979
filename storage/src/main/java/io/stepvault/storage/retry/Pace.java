package io.stepvault.storage.retry;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Spaces requests out, so that over any while not more are begun, nor more bytes sent, than was said. What is not used is
 * not saved up. Safe for any thread.
 */
public final class Pace {
    private static final long NANOS = 1_000_000_000;

    private final double maxRequestsPerSecond;
    private final double maxBytesPerSecond;
    private final Clock clock;
    private Instant next = Instant.MIN;

    /**
     * A pace by {@code clock}.
     *
     * @param maxRequestsPerSecond more than 0; {@link Double#POSITIVE_INFINITY} for any number
     * @param maxBytesPerSecond more than 0; {@link Double#POSITIVE_INFINITY} for any number
     */
    public Pace(double maxRequestsPerSecond, double maxBytesPerSecond, Clock clock) {
        if (!(maxRequestsPerSecond > 0) || !(maxBytesPerSecond > 0)) {
            throw new IllegalArgumentException("a pace is more than 0 a second, not " + maxRequestsPerSecond
                    + " requests and " + maxBytesPerSecond + " bytes");
        }
        this.maxRequestsPerSecond = maxRequestsPerSecond;
        this.maxBytesPerSecond = maxBytesPerSecond;
        this.clock = clock;
    }

    /**
     * How many requests of so many bytes are begun in a second at most: at least 1, and no more than {@code max}. To have
     * more of them under way than that only makes each wait longer.
     */
    public int requestsInASecond(long bytes, int max) {
        return (int) Math.max(1, Math.min(max, Math.min(maxRequestsPerSecond, maxBytesPerSecond / bytes)));
    }

    /** Takes the next place for a request that sends so many bytes, and says how long to wait for it. */
    public synchronized Duration reserve(long bytes) {
        Instant now = clock.instant();
        Instant begin = next.isBefore(now) ? now : next;
        double seconds = Math.max(1 / maxRequestsPerSecond, bytes / maxBytesPerSecond);
        next = begin.plusNanos((long) Math.ceil(seconds * NANOS));
        return Duration.between(now, begin);
    }
}
