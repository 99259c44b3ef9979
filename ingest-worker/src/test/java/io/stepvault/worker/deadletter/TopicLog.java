package io.stepvault.worker.deadletter;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** A dead-letter topic of two partitions, as a consumer that can read it again and again. */
final class TopicLog extends MockConsumer<byte[], byte[]> {
    private static final List<TopicPartition> PARTITIONS =
            List.of(new TopicPartition(Letters.TOPIC, 0), new TopicPartition(Letters.TOPIC, 1));

    private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> log = new HashMap<>();
    private final Map<TopicPartition, Long> begins = new HashMap<>();

    TopicLog() {
        super("earliest");
        PARTITIONS.forEach(partition -> {
            log.put(partition, new ArrayList<>());
            begins.put(partition, 0L);
        });
        updatePartitions(
                Letters.TOPIC,
                PARTITIONS.stream()
                        .map(p -> new PartitionInfo(p.topic(), p.partition(), Node.noNode(), new Node[0], new Node[0]))
                        .toList());
        tell();
    }

    TopicLog append(int partition, List<ProducerRecord<byte[], byte[]>> records) {
        List<ConsumerRecord<byte[], byte[]>> there = records(partition);
        there.addAll(Letters.delivered(partition, there.size(), records));
        tell();
        return this;
    }

    /** What lies before the offset is gone. */
    void retentionTakes(int partition, long before) {
        begins.put(new TopicPartition(Letters.TOPIC, partition), before);
        tell();
    }

    private List<ConsumerRecord<byte[], byte[]>> records(int partition) {
        return log.computeIfAbsent(new TopicPartition(Letters.TOPIC, partition), unused -> new ArrayList<>());
    }

    private void tell() {
        Map<TopicPartition, Long> ends = new HashMap<>();
        log.forEach((partition, records) -> ends.put(partition, (long) records.size()));
        updateBeginningOffsets(begins);
        updateEndOffsets(ends);
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        for (TopicPartition partition : assignment()) {
            long from = Math.max(position(partition), begins.getOrDefault(partition, 0L));
            if (from > position(partition)) {
                seek(partition, from); // as auto.offset.reset=earliest does
            }
            records(partition.partition()).stream()
                    .filter(record -> record.offset() >= from)
                    .limit(3)
                    .forEach(this::addRecord);
        }
        return super.poll(timeout);
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times) {
        Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
        times.forEach((partition, time) -> records(partition.partition()).stream()
                .filter(record -> record.timestamp() >= time)
                .findFirst()
                .ifPresent(
                        record -> found.put(partition, new OffsetAndTimestamp(record.offset(), record.timestamp()))));
        return found;
    }
}
