package io.stepvault.worker.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A client of Kafka that the worker runs: what it knows about its keys, which the worker sets for good, and which it
 * gives a default of its own. Constants only.
 */
final class KafkaClient {
    static final KafkaClient CONSUMER = new KafkaClient(
            "kafka.consumer.",
            ConsumerConfig.configDef(),
            List.of(
                    new ForcedKey("enable.auto.commit", "false", "offsets are committed only once captures are stored"),
                    new ForcedKey(
                            "isolation.level", "read_committed", "captures of aborted transactions must not be stored"),
                    new ForcedKey(
                            "auto.offset.reset",
                            "none",
                            "the worker itself decides where a new group starts, and reports what retention has removed"),
                    new ForcedKey(
                            "key.deserializer",
                            ByteArrayDeserializer.class.getName(),
                            "the worker decodes records itself"),
                    new ForcedKey(
                            "value.deserializer",
                            ByteArrayDeserializer.class.getName(),
                            "the worker decodes records itself")),
            Map.of(
                    "max.poll.records", "200",
                    "fetch.max.bytes", "4194304",
                    "max.partition.fetch.bytes", "1048576",
                    "allow.auto.create.topics", "false"));

    static final KafkaClient PRODUCER = new KafkaClient(
            "kafka.producer.",
            ProducerConfig.configDef(),
            List.of(
                    new ForcedKey("acks", "all", "a completion must survive the loss of a broker"),
                    new ForcedKey("enable.idempotence", "true", "a retried send must not double a completion"),
                    new ForcedKey(
                            "key.serializer", ByteArraySerializer.class.getName(), "the worker encodes events itself"),
                    new ForcedKey(
                            "value.serializer",
                            ByteArraySerializer.class.getName(),
                            "the worker encodes events itself")),
            // Brokers that are gone must not hold the pipeline's thread for long: what fails is published again.
            // With more requests in flight, a new partition can take the second batch and refuse the first for good
            // (KAFKA-15591; brokers up to 4.3).
            Map.of(
                    "max.in.flight.requests.per.connection", "1",
                    "max.block.ms", "5000",
                    "request.timeout.ms", "10000",
                    "delivery.timeout.ms", "30000"));

    static final KafkaClient ADMIN =
            new KafkaClient("kafka.admin.", AdminClientConfig.configDef(), List.of(), Map.of());

    static final List<KafkaClient> ALL = List.of(CONSUMER, PRODUCER, ADMIN);

    /** The prefix of keys for every client that knows them. */
    static final String SHARED_PREFIX = "kafka.";

    /**
     * Of the consumer, under {@code group.protocol=classic} only (with {@code consumer} the broker's settings rule, and
     * the client refuses these): a worker that was killed gives up its partitions within ten seconds, and a rebalance
     * takes from a worker only what moves.
     */
    static final Map<String, String> CLASSIC_GROUP_DEFAULTS = Map.of(
            "partition.assignment.strategy", CooperativeStickyAssignor.class.getName(),
            "session.timeout.ms", "6000",
            "heartbeat.interval.ms", "2000");

    /**
     * Of the producer, with transactions only: a worker that was killed inside one holds its partitions back for no
     * longer than this, and what it sends is acknowledged or given up within.
     */
    static final Map<String, String> TRANSACTION_DEFAULTS = Map.of(
            "transaction.timeout.ms", "10000",
            "request.timeout.ms", "5000",
            "delivery.timeout.ms", "8000");

    /**
     * A key that has one right value.
     *
     * @param reason why, as a sentence without capital and full stop
     */
    record ForcedKey(String key, String value, String reason) {}

    private final String prefix;
    private final ConfigDef definition;
    private final List<ForcedKey> forced;
    private final Map<String, String> defaults;

    private KafkaClient(String prefix, ConfigDef definition, List<ForcedKey> forced, Map<String, String> defaults) {
        this.prefix = prefix;
        this.definition = definition;
        this.forced = forced;
        this.defaults = defaults;
    }

    /** The prefix of keys for this client alone. */
    String prefix() {
        return prefix;
    }

    List<ForcedKey> forced() {
        return forced;
    }

    Map<String, String> defaults() {
        return defaults;
    }

    /** Kafka's names of this client's keys. */
    Set<String> keys() {
        return definition.names();
    }

    boolean knows(String key) {
        return definition(key).isPresent();
    }

    boolean isSecret(String key) {
        return definition(key)
                .filter(known -> known.type == ConfigDef.Type.PASSWORD)
                .isPresent();
    }

    /** What this client would say to a value of a key that it knows; empty if it would take it. */
    Optional<String> refusal(String key, String value) {
        return definition(key).flatMap(known -> {
            try {
                Object parsed = ConfigDef.parseType(key, value, known.type);
                if (known.validator != null) {
                    known.validator.ensureValid(key, parsed);
                }
                return Optional.empty();
            } catch (ConfigException e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
        });
    }

    private Optional<ConfigDef.ConfigKey> definition(String key) {
        return Optional.ofNullable(definition.configKeys().get(key));
    }
}
