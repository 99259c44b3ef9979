package io.stepvault.worker.consume;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.jspecify.annotations.Nullable;

/**
 * Whether the brokers answer the consumer. One whose brokers are gone reports nothing: its polls return no records, as if
 * there were none. But it counts its connections, and one that fetches always has some; and it counts the fetches that
 * were answered.
 *
 * <p>Only the pipeline's thread may touch it.
 */
final class BrokerContact {
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final Clock clock;
    private final Count connections;
    private final Count fetches;
    private double fetchesBefore;
    private Instant lastContact;
    private Instant lastFetch;

    BrokerContact(Consumer<?, ?> consumer, Clock clock) {
        this.clock = clock;
        this.connections = new Count(consumer, "consumer-metrics", "connection-count");
        this.fetches = new Count(consumer, "consumer-fetch-manager-metrics", "fetch-total");
        this.lastContact = clock.instant();
        this.lastFetch = lastContact;
    }

    /** What is wrong, or empty if nothing is, as far as can be told. */
    Optional<String> trouble() {
        Instant now = clock.instant();
        if (connections.value().orElse(1) != 0) {
            lastContact = now;
        }
        return Duration.between(lastContact, now).compareTo(SILENCE) > 0
                ? Optional.of("no broker is connected since " + lastContact + ": do the brokers run?")
                : Optional.empty();
    }

    /** How long ago the last fetch but one was answered, if one was since this was last asked; else no time. */
    Duration newlyFetched() {
        Instant now = clock.instant();
        OptionalDouble answered = fetches.value();
        if (answered.isPresent() && answered.getAsDouble() <= fetchesBefore) {
            return Duration.ZERO;
        }
        Duration since = Duration.between(lastFetch, now);
        fetchesBefore = answered.orElse(0);
        lastFetch = now;
        return since;
    }

    /** A metric of the consumer's, which it may not have. */
    private static final class Count {
        private final Consumer<?, ?> consumer;
        private final String group;
        private final String name;
        private @Nullable Metric metric;

        Count(Consumer<?, ?> consumer, String group, String name) {
            this.consumer = consumer;
            this.group = group;
            this.name = name;
        }

        OptionalDouble value() {
            if (metric == null) {
                consumer.metrics().forEach((id, each) -> {
                    if (id.group().equals(group) && id.name().equals(name)) {
                        metric = each;
                    }
                });
            }
            return metric != null && metric.metricValue() instanceof Number number
                    ? OptionalDouble.of(number.doubleValue())
                    : OptionalDouble.empty();
        }
    }
}
