package io.stepvault.worker.cli.cluster;

import io.stepvault.worker.config.TopicsConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic as we make it. Immutable; safe for any thread.
 *
 * @param name its name
 * @param partitions how many it gets
 * @param retention how long it keeps records
 */
public record PlannedTopic(String name, int partitions, Duration retention) {
    /** Of the topics of captures and completions. */
    public static final int DEFAULT_PARTITIONS = 12;

    private static final int DEAD_LETTER_PARTITIONS = 3;

    /** The three topics: captures, completions, dead letters. */
    public static List<PlannedTopic> all(TopicsConfig topics, int partitions) {
        return List.of(
                new PlannedTopic(topics.captures(), partitions, Duration.ofDays(7)),
                new PlannedTopic(topics.completions(), partitions, Duration.ofDays(7)),
                new PlannedTopic(topics.deadLetters(), DEAD_LETTER_PARTITIONS, Duration.ofDays(30)));
    }

    /** As Kafka's admin client wants it; without a replication factor the brokers' default is taken. */
    public NewTopic toNewTopic(Optional<Short> replicationFactor) {
        return new NewTopic(name, Optional.of(partitions), replicationFactor)
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(retention.toMillis())));
    }
}
