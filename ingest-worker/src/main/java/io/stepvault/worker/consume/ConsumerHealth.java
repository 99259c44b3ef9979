package io.stepvault.worker.consume;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the consumer does its work: when it last went round, and what keeps it from reading. Changes of the latter
 * are logged once. Written by the pipeline's thread, read by any.
 */
public final class ConsumerHealth {
    private static final Logger log = LoggerFactory.getLogger(ConsumerHealth.class);

    private final Clock clock;
    private volatile Instant lastRound;
    private volatile Optional<String> trouble = Optional.of("the consumer has not joined its group yet");

    /** The health of a consumer that is about to start. */
    public ConsumerHealth(Clock clock) {
        this.clock = clock;
        this.lastRound = clock.instant();
    }

    /** When the consumer's loop last went round. */
    public Instant lastRound() {
        return lastRound;
    }

    /** What keeps the consumer from reading, or empty if nothing does. */
    public Optional<String> trouble() {
        return trouble;
    }

    void wentRound() {
        lastRound = clock.instant();
    }

    void works() {
        if (trouble.isPresent()) {
            log.atInfo().log("Consumer works");
        }
        trouble = Optional.empty();
    }

    void fails(String why) {
        if (!trouble.equals(Optional.of(why))) {
            log.atWarn().addKeyValue("cause", why).log("Consumer cannot read; will try again");
        }
        trouble = Optional.of(why);
    }
}
