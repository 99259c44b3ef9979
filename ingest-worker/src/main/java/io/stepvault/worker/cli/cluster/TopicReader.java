package io.stepvault.worker.cli.cluster;

import io.stepvault.worker.config.KafkaConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads all partitions of a topic from their start, committed transactions only, and belongs to no group. Partitions
 * that are added meanwhile are not read. Only one thread may use it.
 */
public final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> ends;

    private TopicReader(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        this.consumer = consumer;
        this.ends = ends;
    }

    /**
     * Opens a reader at the start of a topic.
     *
     * @throws ClusterException if there is no such topic, or no broker answers
     */
    public static TopicReader open(KafkaConfig kafka, String topic, Duration timeout) {
        Consumer<byte[], byte[]> consumer = consumer(kafka, topic, timeout);
        try {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(TopicReader::partition)
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return new TopicReader(consumer, Map.copyOf(consumer.endOffsets(partitions)));
        } catch (KafkaException e) {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
            throw Cluster.translate(kafka.bootstrapServers(), timeout, e);
        }
    }

    /**
     * A consumer for all of a topic, without anything assigned yet: it belongs to no group, sees committed transactions
     * only, and starts at the earliest offset where the wanted one is gone.
     *
     * @throws ClusterException if there is no such topic, or no broker answers
     */
    public static Consumer<byte[], byte[]> consumer(KafkaConfig kafka, String topic, Duration timeout) {
        try (Cluster cluster = Cluster.of(kafka, timeout)) {
            if (TopicState.find(cluster, topic).isEmpty()) {
                throw ClusterException.noTopic(kafka.bootstrapServers(), topic);
            }
        }
        Map<String, Object> properties = kafka.consumerProperties();
        properties
                .keySet()
                .removeAll(List.of("group.id", "group.instance.id", "key.deserializer", "value.deserializer"));
        properties.put("auto.offset.reset", "earliest");
        properties.put("default.api.timeout.ms", Math.toIntExact(timeout.toMillis()));
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static TopicPartition partition(PartitionInfo info) {
        return new TopicPartition(info.topic(), info.partition());
    }

    /** Passes over what is there. */
    public void skipToEnd() {
        consumer.seekToEnd(consumer.assignment());
        consumer.assignment().forEach(consumer::position); // looked up now, not when the first record is there
    }

    /** The next records; none after a short wait. */
    public ConsumerRecords<byte[], byte[]> read() {
        return consumer.poll(POLL);
    }

    /** Whether all that was there when this was opened has been read. */
    public boolean isAtEnd() {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
