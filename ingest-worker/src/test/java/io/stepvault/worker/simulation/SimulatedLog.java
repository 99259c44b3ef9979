package io.stepvault.worker.simulation;

import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** One partition of the source topic: records by offset, with gaps as transaction markers leave them. */
final class SimulatedLog {
    final TopicPartition partition;
    final TreeMap<Long, ConsumerRecord<byte[], byte[]>> records = new TreeMap<>();
    private long start;
    private long end;

    SimulatedLog(TopicPartition partition) {
        this.partition = partition;
    }

    /** The id of the {@code number}-th topic of the name. */
    static String topicId(int number) {
        return new Uuid(new UUID(7, number).getMostSignificantBits(), number + 1L).toString();
    }

    long start() {
        return start;
    }

    long end() {
        return end;
    }

    long append(ConsumerRecord<byte[], byte[]> record) {
        long offset = end++;
        ConsumerRecord<byte[], byte[]> placed = Crawl.at(offset, record);
        records.put(offset, placed);
        return offset;
    }

    /** A transaction marker, or a record of an aborted transaction: readers never see it. */
    void skip() {
        end++;
    }

    void removeBelow(long offset) {
        start = Math.max(start, offset);
        records.headMap(start).clear();
    }

    void createAgain() {
        records.clear();
        start = 0;
        end = 0;
    }
}
