package io.stepvault.worker.cli.cluster;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A topic as it is on the cluster. Immutable; safe for any thread.
 *
 * @param name its name
 * @param partitions how many it has
 * @param replicas of its partition that has the fewest
 * @param settings its configuration by Kafka's names; empty if this client may not read it
 * @param operations what this client may do with it; empty if the brokers don't say
 */
public record TopicState(
        String name, int partitions, int replicas, Map<String, String> settings, Set<AclOperation> operations) {

    /** Copies. */
    public TopicState {
        settings = Map.copyOf(settings);
        operations = Set.copyOf(operations);
    }

    /** Looks a topic up; empty if there is no such topic. */
    public static Optional<TopicState> find(Cluster cluster, String topic) {
        DescribeTopicsOptions options = new DescribeTopicsOptions().includeAuthorizedOperations(true);
        try {
            return Optional.ofNullable(cluster.get(cluster.admin()
                                    .describeTopics(Set.of(topic), options)
                                    .allTopicNames())
                            .get(topic))
                    .map(description -> of(description, settings(cluster, topic)));
        } catch (UnknownTopicOrPartitionException e) {
            return Optional.empty();
        }
    }

    private static TopicState of(TopicDescription description, Map<String, String> settings) {
        Set<AclOperation> operations = description.authorizedOperations();
        return new TopicState(
                description.name(),
                description.partitions().size(),
                description.partitions().stream()
                        .mapToInt(partition -> partition.replicas().size())
                        .min()
                        .orElse(0),
                settings,
                operations == null ? Set.of() : operations);
    }

    private static Map<String, String> settings(Cluster cluster, String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            return cluster.get(cluster.admin().describeConfigs(Set.of(resource)).all()).values().stream()
                    .flatMap(config -> config.entries().stream())
                    .filter(entry -> entry.value() != null)
                    .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
        } catch (AuthorizationException e) {
            return Map.of();
        }
    }

    /** Whether compaction would remove records of it. */
    public boolean isCompacted() {
        return cleanupPolicy().contains(TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    /** As Kafka writes it. */
    public String cleanupPolicy() {
        return settings.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "unknown");
    }

    /** How long it keeps records; empty if for ever, or if that is not known. */
    public Optional<Duration> retention() {
        OptionalLong millis = number(TopicConfig.RETENTION_MS_CONFIG);
        return millis.isPresent() && millis.getAsLong() >= 0
                ? Optional.of(Duration.ofMillis(millis.getAsLong()))
                : Optional.empty();
    }

    /** The largest batch of records that it takes, in bytes. */
    public OptionalLong maxMessageBytes() {
        return number(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
    }

    private OptionalLong number(String setting) {
        String value = settings.get(setting);
        return value == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value));
    }
}
