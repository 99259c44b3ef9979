package io.stepvault.bench.takeover;

import io.stepvault.event.BatchStored;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.wire.UndecodableException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads completions as they become visible, to see which partitions go on. For one thread. */
final class CompletedPartitions implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(50);

    private final SingleObjectCodec<BatchStored> codec = SingleObjectCodec.completions();
    private final KafkaConsumer<byte[], byte[]> consumer;

    CompletedPartitions(String bootstrapServers) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor("step-captures.completed").stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
    }

    /**
     * Waits until each partition has had a completion of a batch that was stored after some time.
     *
     * @return when the last of them was seen
     */
    Instant awaitAll(Set<TopicPartition> partitions, Instant storedAfter) throws UndecodableException {
        Instant end = Instant.now().plus(PATIENCE);
        Set<Integer> missing = new HashSet<>();
        partitions.forEach(partition -> missing.add(partition.partition()));
        while (Instant.now().isBefore(end)) {
            for (ConsumerRecord<byte[], byte[]> completion : consumer.poll(POLL)) {
                BatchStored stored = codec.decode(completion.value());
                if (stored.getStoredAt().isAfter(storedAfter)) {
                    missing.remove(stored.getSource().getPartition());
                }
            }
            if (missing.isEmpty()) {
                return Instant.now();
            }
        }
        throw new IllegalStateException("no completion of partitions " + missing);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
