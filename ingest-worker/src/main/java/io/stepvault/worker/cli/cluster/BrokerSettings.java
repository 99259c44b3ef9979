package io.stepvault.worker.cli.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;

/**
 * The settings of a broker, which stands for all. Immutable; safe for any thread.
 *
 * @param values by Kafka's names; empty if this client may not read them
 */
public record BrokerSettings(Map<String, String> values) {
    /** Copies. */
    public BrokerSettings {
        values = Map.copyOf(values);
    }

    /** Asks any broker. */
    public static BrokerSettings of(Cluster cluster) {
        Optional<Node> broker =
                cluster.get(cluster.admin().describeCluster().nodes()).stream().findFirst();
        if (broker.isEmpty()) {
            return new BrokerSettings(Map.of());
        }
        ConfigResource resource =
                new ConfigResource(ConfigResource.Type.BROKER, broker.get().idString());
        Map<String, String> values = new HashMap<>();
        try {
            cluster.get(cluster.admin().describeConfigs(List.of(resource)).all()).values().stream()
                    .flatMap(config -> config.entries().stream())
                    .filter(entry -> entry.value() != null)
                    .forEach(entry -> values.put(entry.name(), entry.value()));
        } catch (AuthorizationException e) {
            return new BrokerSettings(Map.of()); // a client without the right to see them is no mistake
        }
        return new BrokerSettings(values);
    }

    /** A number, if it may be read and the brokers have such a setting. */
    public Optional<Long> number(String name) {
        return Optional.ofNullable(values.get(name)).map(Long::valueOf);
    }

    /** A number of milliseconds, if it may be read and the brokers have such a setting. */
    public Optional<Duration> millis(String name) {
        return number(name).map(Duration::ofMillis);
    }
}
