package io.stepvault.worker.deadletter;

import io.stepvault.capture.Rejection;
import io.stepvault.worker.flow.DeadLetter;
import io.stepvault.worker.flow.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Dead letters for tests. */
public final class Letters {
    public static final String TOPIC = "dead";
    public static final TopicPartition SOURCE = new TopicPartition("captures", 3);
    public static final String TOPIC_ID = "dGVzdC10b3BpYy1pZC0wMA";
    public static final long SENT_AT = 1_795_345_200_123L; // 2026-11-22T11:00:00.123Z

    private Letters() {}

    public static DeadLetter letter(long offset, SourceRecord record) {
        return letter(offset, new Rejection(Rejection.Reason.UNDECODABLE, "the first byte is 58"), record);
    }

    public static DeadLetter letter(long offset, Rejection rejection, SourceRecord record) {
        return new DeadLetter(SOURCE, TOPIC_ID, offset, rejection, record);
    }

    public static SourceRecord record(byte @Nullable [] key, byte @Nullable [] value, Header... headers) {
        return new SourceRecord(key, value, List.of(headers), 1_795_258_800_000L);
    }

    public static Header header(String name, String value) {
        return new RecordHeader(name, utf8(value));
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** What a broker makes of records that follow each other on one partition. */
    public static List<ConsumerRecord<byte[], byte[]>> delivered(
            int partition, long firstOffset, List<ProducerRecord<byte[], byte[]>> records) {
        List<ConsumerRecord<byte[], byte[]>> delivered = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> record : records) {
            delivered.add(delivered(partition, firstOffset + delivered.size(), record));
        }
        return delivered;
    }

    @SuppressWarnings("NullAway") // a record may have no key and no value, whatever its annotations say
    public static ConsumerRecord<byte[], byte[]> delivered(
            int partition, long offset, ProducerRecord<byte[], byte[]> record) {
        return new ConsumerRecord<>(
                record.topic(),
                partition,
                offset,
                SENT_AT + offset,
                TimestampType.CREATE_TIME,
                record.key() == null ? -1 : record.key().length,
                record.value() == null ? -1 : record.value().length,
                record.key(),
                record.value(),
                new RecordHeaders(record.headers()),
                Optional.empty());
    }
}
