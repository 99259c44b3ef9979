package io.stepvault.producer;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Lets one log line through at a time and counts the events that it stands for.
 *
 * <p>Safe for any thread.
 */
final class LogThrottle {
    private final Clock clock;
    private final Duration interval;
    private Instant next = Instant.MIN;
    private long waiting;

    LogThrottle(Clock clock, Duration interval) {
        this.clock = clock;
        this.interval = interval;
    }

    /** Counts an event. Returns the events since the last line, this one included, if a line is due; otherwise 0. */
    synchronized long count() {
        waiting++;
        Instant now = clock.instant();
        if (now.isBefore(next)) {
            return 0;
        }
        next = now.plus(interval);
        long events = waiting;
        waiting = 0;
        return events;
    }
}
