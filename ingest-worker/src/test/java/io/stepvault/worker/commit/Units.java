package io.stepvault.worker.commit;

import io.stepvault.capture.Rejection;
import io.stepvault.event.BatchSource;
import io.stepvault.event.BatchStored;
import io.stepvault.worker.flow.DeadLetter;
import io.stepvault.worker.flow.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** What tests commit. */
final class Units {
    static final int CHUNK = 900 << 10;
    static final String CAPTURES = "step-captures";
    static final TopicPartition P0 = new TopicPartition(CAPTURES, 0);
    static final CommitRecords RECORDS = records("step-captures.completed", "step-captures.dead-letters");

    private Units() {}

    /** Dead letters are sent in chunks, one for each {@link #CHUNK} bytes, with {@code offset/index} as the key. */
    static CommitRecords records(String completionsTopic, String deadLettersTopic) {
        return new CommitRecords(
                completionsTopic,
                letter -> IntStream.range(0, letter.record().size() / CHUNK)
                        .mapToObj(index -> new ProducerRecord<>(
                                deadLettersTopic,
                                (letter.offset() + "/" + index).getBytes(StandardCharsets.UTF_8),
                                new byte[CHUNK]))
                        .toList());
    }

    static BatchStored completion(String session) {
        return completion(P0, session);
    }

    static BatchStored completion(TopicPartition source, String session) {
        return BatchStored.newBuilder()
                .setCompletionId("0123456789abcdef0123456789abcdef")
                .setSessionId(session)
                .setSource(new BatchSource(source.topic(), "topic-id", source.partition(), 0L, 4L))
                .setStoredAt(Instant.parse("2026-11-20T08:00:00Z"))
                .build();
    }

    static DeadLetter deadLetter(long offset, int chunks) {
        return deadLetter(P0, offset, chunks);
    }

    static DeadLetter deadLetter(TopicPartition source, long offset, int chunks) {
        return new DeadLetter(
                source,
                "topic-id",
                offset,
                new Rejection(Rejection.Reason.TRAILING_BYTES, "of no use"),
                new SourceRecord(null, new byte[chunks * CHUNK], List.of(), 0));
    }

    static CommitUnit unit(List<BatchStored> completions, long offset) {
        return new CommitUnit(completions, List.of(), Map.of(P0, new OffsetAndMetadata(offset)));
    }
}
