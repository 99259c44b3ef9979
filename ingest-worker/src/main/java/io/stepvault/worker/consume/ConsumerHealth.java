package io.stepvault.worker.consume;

import io.stepvault.worker.metrics.WorkerMetrics;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the consumer does its work: when it last went round, what keeps it from reading, and what it came too late
 * for. Changes are logged once. Written by the pipeline's thread, read by any.
 */
public final class ConsumerHealth {
    private static final Logger log = LoggerFactory.getLogger(ConsumerHealth.class);

    private final Clock clock;
    private final WorkerMetrics metrics;
    private volatile Instant lastRound;
    private volatile Optional<String> trouble = Optional.of("the consumer has not joined its group yet");

    /** The health of a consumer that is about to start. */
    public ConsumerHealth(Clock clock, WorkerMetrics metrics) {
        this.clock = clock;
        this.metrics = metrics;
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

    /** Records between two offsets were removed before they were read: counted and named, once. */
    void lost(TopicPartition partition, long from, long to, long count) {
        metrics.offsetsLost(count);
        log.atError()
                .addKeyValue("partition", partition)
                .addKeyValue("from", from)
                .addKeyValue("to", to)
                .addKeyValue("atMost", count)
                .log("Retention has removed records that were not read; they are lost to this group");
    }

    void fails(String why) {
        if (!trouble.equals(Optional.of(why))) {
            log.atWarn().addKeyValue("cause", why).log("Consumer cannot read; will try again");
        }
        trouble = Optional.of(why);
    }
}
