package io.stepvault.server;

import java.time.Duration;

/**
 * What a {@link ReadServer} does at most.
 *
 * @param requests how many requests are answered at once, at least 1; four times as many wait for a moment, others are
 *     told to come again
 * @param listings how many of them list the store at once, at least 1
 * @param idleTimeout how long a connection may stand still, also in the middle of a request or an answer
 * @param patience how long a request waits for its turn
 * @param slowestReader how many bytes a second a client must take on average, so that it holds no thread for ever
 */
public record ReadLimits(int requests, int listings, Duration idleTimeout, Duration patience, int slowestReader) {
    /** Checks the bounds. */
    public ReadLimits {
        if (requests < 1 || listings < 1 || slowestReader < 1) {
            throw new IllegalArgumentException(
                    "a server answers at least one request and one listing at once, and at least a byte a second");
        }
        if (idleTimeout.toMillis() < 1 || patience.toMillis() < 1) {
            throw new IllegalArgumentException("a time limit is at least a millisecond");
        }
    }

    /** 64 requests, 8 of them listings; half a minute; five seconds; 16 KiB a second. */
    public static ReadLimits defaults() {
        return new ReadLimits(64, 8, Duration.ofSeconds(30), Duration.ofSeconds(5), 16 << 10);
    }
}
