package io.stepvault.worker.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How the worker talks to Kafka. The properties are put together from the worker's defaults, what the operator passes
 * through, and what the worker sets for good; whoever hands them to a client sees no secret in their {@code toString}
 * that Kafka itself knows as one. Immutable; safe for any thread.
 *
 * @param bootstrapServers {@code kafka.bootstrap.servers}
 * @param groupId {@code group.id}
 * @param topics the three topics
 * @param overrides what passes through under {@code kafka.}
 * @param registry the schema registry that records may name schemas of
 */
public record KafkaConfig(
        String bootstrapServers,
        String groupId,
        TopicsConfig topics,
        KafkaOverrides overrides,
        RegistryConfig registry) {
    private static final String FETCH_MAX_BYTES = "fetch.max.bytes";
    private static final String SESSION_TIMEOUT = "session.timeout.ms";

    /** @throws ConfigException with every value that is not allowed */
    public KafkaConfig {
        new Problems()
                .check(WorkerKeys.KAFKA_BOOTSTRAP_SERVERS, bootstrapServers)
                .check(WorkerKeys.GROUP_ID, groupId)
                .addAll(KafkaRules.problems(overrides))
                .addAll(KafkaRules.otherGroups(overrides, groupId))
                .addAll(KafkaRules.otherClusters(overrides, bootstrapServers))
                .throwIfAny();
    }

    /** For a {@code KafkaConsumer<byte[], byte[]>}; the map is new and the caller's own. */
    public Map<String, Object> consumerProperties() {
        Map<String, Object> properties = properties(KafkaClient.CONSUMER);
        if (!usesConsumerProtocol(overrides)) {
            KafkaClient.CLASSIC_GROUP_DEFAULTS.forEach(properties::putIfAbsent);
        }
        properties.put("group.id", groupId);
        return properties;
    }

    /** For a {@code KafkaProducer<byte[], byte[]>} without transactions; the map is new and the caller's own. */
    public Map<String, Object> producerProperties() {
        return properties(KafkaClient.PRODUCER);
    }

    /**
     * For a {@code KafkaProducer<byte[], byte[]>} with transactions; the map is new and the caller's own.
     *
     * @param transactionalId of this worker alone, and the same after a restart
     */
    public Map<String, Object> transactionalProducerProperties(String transactionalId) {
        Map<String, Object> properties = properties(KafkaClient.PRODUCER, KafkaClient.TRANSACTION_DEFAULTS);
        properties.put("transactional.id", transactionalId);
        return properties;
    }

    /**
     * After how long without a heartbeat the group takes a worker for dead; empty with {@code group.protocol=consumer},
     * where the brokers say that.
     */
    public Optional<Duration> sessionTimeout() {
        if (usesConsumerProtocol(overrides)) {
            return Optional.empty();
        }
        String text = consumerProperties().getOrDefault(SESSION_TIMEOUT, "").toString();
        String usable =
                text.contains("${") ? KafkaClient.CLASSIC_GROUP_DEFAULTS.getOrDefault(SESSION_TIMEOUT, "0") : text;
        return Optional.of(Duration.ofMillis(Long.parseLong(usable.strip())));
    }

    /** As which static member of the group a worker comes back after a restart; empty if as a new one. */
    public Optional<String> groupInstanceId() {
        return Optional.ofNullable(overrides.forClient(KafkaClient.CONSUMER).get("group.instance.id"))
                .map(Object::toString);
    }

    /** When the brokers abort a transaction. As with {@link #fetchMaxBytes}, the default stands in for what is not known. */
    public Duration transactionTimeout() {
        return Duration.ofMillis(KafkaRules.transactionMillis(overrides, "transaction.timeout.ms"));
    }

    /**
     * What the operator passes through for producers, less what every publisher of captures sets for good: for a {@code
     * StepPublisher}, which has defaults of its own. The map is new and the caller's own.
     */
    public Map<String, Object> publisherProperties() {
        Map<String, Object> properties = new TreeMap<>(overrides.forClient(KafkaClient.PRODUCER));
        KafkaClient.PRODUCER.forced().forEach(forced -> properties.remove(forced.key()));
        properties.keySet().removeAll(List.of("bootstrap.servers", "retries"));
        return properties;
    }

    /** For an {@code Admin}; the map is new and the caller's own. */
    public Map<String, Object> adminProperties() {
        return properties(KafkaClient.ADMIN);
    }

    /**
     * How much the consumer fetches ahead at most, from each broker. A value that a configuration provider will put
     * there is not known here; the worker's default is given for it.
     */
    public ByteSize fetchMaxBytes() {
        String text = consumerProperties().getOrDefault(FETCH_MAX_BYTES, "").toString();
        String usable = text.contains("${") ? KafkaClient.CONSUMER.defaults().getOrDefault(FETCH_MAX_BYTES, "0") : text;
        return new ByteSize(Long.parseLong(usable.strip()));
    }

    private Map<String, Object> properties(KafkaClient client) {
        return properties(client, Map.of());
    }

    private Map<String, Object> properties(KafkaClient client, Map<String, String> moreDefaults) {
        Map<String, Object> properties = new TreeMap<>(client.defaults());
        properties.putAll(moreDefaults);
        properties.putAll(overrides.forClient(client));
        client.forced().forEach(forced -> properties.put(forced.key(), forced.value()));
        properties.put("bootstrap.servers", bootstrapServers);
        return properties;
    }

    static boolean usesConsumerProtocol(KafkaOverrides overrides) {
        Object protocol = overrides.forClient(KafkaClient.CONSUMER).getOrDefault("group.protocol", "classic");
        return protocol.toString().strip().equalsIgnoreCase("consumer");
    }
}
