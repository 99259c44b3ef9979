package io.stepvault.producer.completion;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads all partitions and keeps the positions in memory. Partitions that appear later are read from their beginning,
 * whatever the start: all in them is newer than it.
 */
final class AllPartitions implements CompletionSource {
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    private final String topic;
    private final CompletionStart start;
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private long lookedAt = System.nanoTime() - LOOK_NANOS;
    private boolean looked;

    AllPartitions(String topic, CompletionStart start) {
        this.topic = topic;
        this.start = start;
    }

    @Override
    public void begin(Consumer<byte[], byte[]> consumer) {
        assign(consumer);
    }

    @Override
    public boolean refresh(Consumer<byte[], byte[]> consumer) {
        // The consumer knows them already, but for the first time: it asks the brokers every metadata.max.age.ms.
        if (System.nanoTime() - lookedAt >= LOOK_NANOS) {
            lookedAt = System.nanoTime();
            look(consumer);
        }
        return !positions.isEmpty();
    }

    private void look(Consumer<byte[], byte[]> consumer) {
        Set<TopicPartition> found = new HashSet<>(CompletionSource.partitions(consumer, topic));
        found.removeAll(positions.keySet());
        if (!found.isEmpty()) {
            positions.putAll(CompletionSource.resolve(consumer, looked ? CompletionStart.earliest() : start, found));
            assign(consumer);
        }
        looked = true;
    }

    private void assign(Consumer<byte[], byte[]> consumer) {
        consumer.assign(positions.keySet());
        positions.forEach(consumer::seek);
    }

    @Override
    public void told(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> next) {
        positions.putAll(next);
    }

    @Override
    public boolean isReady() {
        return looked;
    }
}
