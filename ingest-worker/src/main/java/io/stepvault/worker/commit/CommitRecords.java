package io.stepvault.worker.commit;

import io.stepvault.event.BatchStored;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.worker.flow.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Makes records of what a {@link CommitUnit} publishes. Immutable; safe for any thread. */
public final class CommitRecords {
    private final String completionsTopic;
    private final Function<DeadLetter, List<ProducerRecord<byte[], byte[]>>> deadLetters;
    private final SingleObjectCodec<BatchStored> codec = SingleObjectCodec.completions();

    /**
     * Records for {@code completionsTopic}, and of dead letters.
     *
     * @param deadLetters gives the records of a dead letter: one, or one for each chunk, in order
     */
    public CommitRecords(
            String completionsTopic, Function<DeadLetter, List<ProducerRecord<byte[], byte[]>>> deadLetters) {
        this.completionsTopic = completionsTopic;
        this.deadLetters = deadLetters;
    }

    /**
     * The records of a unit.
     *
     * @param ahead chunks of dead letters but for the last of each, which readers ignore until that is there
     * @param withOffsets what must be seen together with the offsets: completions, and the last record of each dead
     *     letter
     */
    record Parts(List<ProducerRecord<byte[], byte[]>> ahead, List<ProducerRecord<byte[], byte[]>> withOffsets) {}

    Parts of(CommitUnit unit) {
        List<ProducerRecord<byte[], byte[]>> ahead = new ArrayList<>();
        List<ProducerRecord<byte[], byte[]>> withOffsets = new ArrayList<>();
        for (DeadLetter letter : unit.deadLetters()) {
            List<ProducerRecord<byte[], byte[]>> records = deadLetters.apply(letter);
            int last = records.size() - 1;
            ahead.addAll(records.subList(0, last));
            withOffsets.add(records.get(last));
        }
        unit.completions().forEach(completion -> withOffsets.add(record(completion)));
        return new Parts(ahead, withOffsets);
    }

    private ProducerRecord<byte[], byte[]> record(BatchStored completion) {
        byte[] key = completion.getSessionId().getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(completionsTopic, key, codec.encode(completion));
    }

    /** Splits records so that no part is over {@code maxBytes}, unless a single record is. */
    static List<List<ProducerRecord<byte[], byte[]>>> split(
            List<ProducerRecord<byte[], byte[]>> records, long maxBytes) {
        List<List<ProducerRecord<byte[], byte[]>>> parts = new ArrayList<>();
        List<ProducerRecord<byte[], byte[]>> part = new ArrayList<>();
        long bytes = 0;
        for (ProducerRecord<byte[], byte[]> next : records) {
            long size = size(next);
            if (!part.isEmpty() && bytes + size > maxBytes) {
                parts.add(part);
                part = new ArrayList<>();
                bytes = 0;
            }
            part.add(next);
            bytes += size;
        }
        if (!part.isEmpty()) {
            parts.add(part);
        }
        return parts;
    }

    private static long size(ProducerRecord<byte[], byte[]> published) {
        long bytes = length(published.key()) + length(published.value());
        for (Header header : published.headers()) {
            bytes += header.key().length() + length(header.value());
        }
        return bytes;
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
