package io.stepvault.worker.consume;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.jspecify.annotations.Nullable;

/**
 * Whether the consumer is connected to any broker. A consumer whose brokers are gone reports nothing: its polls return
 * no records, as if there were none. But it counts its connections, and one that fetches always has some.
 *
 * <p>Only the pipeline's thread may touch it.
 */
final class BrokerContact {
    private static final String GROUP = "consumer-metrics";
    private static final String METRIC = "connection-count";
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final Consumer<?, ?> consumer;
    private final Clock clock;
    private @Nullable Metric connections;
    private Instant lastContact;

    BrokerContact(Consumer<?, ?> consumer, Clock clock) {
        this.consumer = consumer;
        this.clock = clock;
        this.lastContact = clock.instant();
    }

    /** What is wrong, or empty if nothing is, as far as can be told. */
    Optional<String> trouble() {
        if (connections == null) {
            consumer.metrics().forEach((name, metric) -> {
                if (name.group().equals(GROUP) && name.name().equals(METRIC)) {
                    connections = metric;
                }
            });
        }
        Instant now = clock.instant();
        if (connections == null || !isZero(connections.metricValue())) {
            lastContact = now;
        }
        return Duration.between(lastContact, now).compareTo(SILENCE) > 0
                ? Optional.of("no broker is connected since " + lastContact + ": do the brokers run?")
                : Optional.empty();
    }

    private static boolean isZero(Object value) {
        return value instanceof Number number && number.doubleValue() == 0;
    }
}
