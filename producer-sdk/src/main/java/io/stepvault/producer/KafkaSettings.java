package io.stepvault.producer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka's side of the configuration, checked.
 *
 * @param topic where captures go
 * @param maxRecordBytes the largest value that fits into a record
 * @param properties for Kafka's producer
 */
record KafkaSettings(String topic, int maxRecordBytes, Map<String, Object> properties) {
    /** The record's and the batch's own fields, the key (an id of at most 240 bytes) and a chunk's headers, rounded up. */
    private static final int RECORD_OVERHEAD_BYTES = 1_024;

    private static final Pattern SERVERS = Pattern.compile("[^,\\s]+:\\d{1,5}(\\s*,\\s*[^,\\s]+:\\d{1,5})*");
    private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}");

    private static final Map<String, Object> DEFAULTS = Map.of(
            ProducerConfig.CLIENT_ID_CONFIG,
            "stepvault-publisher",
            // Comes with kafka-clients, and takes little of the crawler's CPU.
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4",
            // With more, a partition that has just been created can take the second batch and refuse the first for
            // good (KAFKA-15591; brokers up to 4.3).
            ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
            1,
            // As long as the topic keeps a record: Kafka's two minutes would make an outage into a loss.
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            7 * 24 * 60 * 60 * 1000,
            // Only the daemon thread waits. It tries again, and a short wait lets it see that it should stop.
            ProducerConfig.MAX_BLOCK_MS_CONFIG,
            1_000);

    private static final Map<String, Object> FIXED = Map.of(
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
            ByteArraySerializer.class.getName(),
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
            ByteArraySerializer.class.getName(),
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            "true",
            ProducerConfig.RETRIES_CONFIG,
            Integer.MAX_VALUE);

    private static final Set<String> NOT_ALLOWED = Set.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
            ProducerConfig.ACKS_CONFIG,
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            ProducerConfig.RETRIES_CONFIG);

    KafkaSettings {
        properties = Map.copyOf(properties);
    }

    /** Puts defaults, the caller's properties and the fixed ones together; adds what is wrong to {@code mistakes}. */
    static KafkaSettings check(String servers, String topic, Map<String, Object> given, List<String> mistakes) {
        if (!SERVERS.matcher(servers.strip()).matches()) {
            mistakes.add("bootstrap servers are not a list of host:port, separated by commas");
        }
        if (!TOPIC.matcher(topic).matches()) {
            mistakes.add("topic is not a name of 1 to 249 letters, digits, dots, dashes and underscores");
        }
        for (String property : new TreeSet<>(given.keySet())) {
            if (NOT_ALLOWED.contains(property)) {
                mistakes.add("Kafka property " + property + " is set by the publisher itself; leave it out");
            }
        }
        Map<String, Object> properties = new HashMap<>(DEFAULTS);
        properties.putAll(given);
        properties.putAll(FIXED);
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers.strip());

        int before = mistakes.size();
        for (ConfigValue value : ProducerConfig.configDef().validate(asText(properties))) {
            value.errorMessages().forEach(message -> mistakes.add("Kafka property " + message));
        }
        if (mistakes.size() > before) {
            return new KafkaSettings(topic, 0, properties);
        }
        Map<String, Object> parsed = ProducerConfig.configDef().parse(properties);
        // What Kafka's producer itself finds only when it is made.
        if (number(parsed, ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION) > 5) {
            mistakes.add("Kafka property max.in.flight.requests.per.connection is over 5, which idempotence rules out");
        }
        if (number(parsed, ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG)
                < number(parsed, ProducerConfig.LINGER_MS_CONFIG)
                        + number(parsed, ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG)) {
            mistakes.add("Kafka property delivery.timeout.ms is less than linger.ms and request.timeout.ms together");
        }
        long recordBytes = Math.min(
                number(parsed, ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
                number(parsed, ProducerConfig.BUFFER_MEMORY_CONFIG));
        return new KafkaSettings(topic, (int) Math.max(0, recordBytes - RECORD_OVERHEAD_BYTES), properties);
    }

    private static long number(Map<String, Object> parsed, String property) {
        return parsed.get(property) instanceof Number number ? number.longValue() : 0;
    }

    /** A new producer. Throws when Kafka's class cannot be made now, for example while no host name resolves. */
    Producer<byte[], byte[]> newProducer() {
        return new KafkaProducer<>(properties);
    }

    private static Map<String, String> asText(Map<String, Object> properties) {
        Map<String, String> text = new HashMap<>();
        properties.forEach((property, value) -> {
            if (!(value instanceof Class || value instanceof Iterable)) {
                text.put(property, String.valueOf(value));
            }
        });
        return text;
    }

    /** Shows no properties: some are secrets. */
    @Override
    public String toString() {
        return "KafkaSettings[topic=" + topic + "]";
    }
}
