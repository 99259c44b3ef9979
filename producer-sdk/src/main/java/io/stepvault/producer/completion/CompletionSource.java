package io.stepvault.producer.completion;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Which partitions of the topic are read, and from where: all of them, or those that a group assigns. Outlives its
 * consumers, which are made anew when they break. For the following thread alone.
 */
interface CompletionSource {
    /** Begins with a new consumer. */
    void begin(Consumer<byte[], byte[]> consumer);

    /** Sees to it that the right partitions are read. Called before each poll; false if there is nothing to poll. */
    boolean refresh(Consumer<byte[], byte[]> consumer);

    /** Up to these offsets all has been told. */
    void told(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> next);

    /** Whether it is settled where reading starts, so that whatever is published from now on is told. */
    boolean isReady();

    /** The topic's partitions; none if there is no such topic. */
    static List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer, String topic) {
        try {
            return consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
        } catch (UnknownTopicOrPartitionException e) {
            return List.of();
        }
    }

    /** Where reading starts, in offsets of now. */
    static Map<TopicPartition, Long> resolve(
            Consumer<byte[], byte[]> consumer, CompletionStart start, Collection<TopicPartition> partitions) {
        if (start instanceof CompletionStart.Earliest) {
            return consumer.beginningOffsets(partitions);
        }
        Map<TopicPartition, Long> offsets = new HashMap<>(consumer.endOffsets(partitions));
        if (start instanceof CompletionStart.At at) {
            consumer.offsetsForTimes(times(partitions, at.time())).forEach((partition, found) -> {
                if (found != null) {
                    offsets.put(partition, found.offset());
                }
            });
        }
        return offsets;
    }

    private static Map<TopicPartition, Long> times(Collection<TopicPartition> partitions, Instant time) {
        Map<TopicPartition, Long> times = new HashMap<>();
        long millis = Math.max(0, time.toEpochMilli());
        partitions.forEach(partition -> times.put(partition, millis));
        return times;
    }
}
