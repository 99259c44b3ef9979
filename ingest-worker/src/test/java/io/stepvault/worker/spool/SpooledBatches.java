package io.stepvault.worker.spool;

import io.stepvault.worker.flow.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/** Batches for tests, and how to compare them: records share their arrays and have no equals of their own. */
public final class SpooledBatches {
    public static final BatchOrigin ORIGIN =
            new BatchOrigin("cluster-1", "topic-id-1", new TopicPartition("step-captures", 3));

    private SpooledBatches() {}

    /** A batch of one small capture for each offset. */
    public static SpooledBatch aBatch(String sessionId, long... offsets) {
        return aBatchOf(40, sessionId, offsets);
    }

    /** A batch of one capture with a value of so many bytes for each offset. */
    public static SpooledBatch aBatchOf(int valueBytes, String sessionId, long... offsets) {
        List<SpooledCapture> captures = LongStream.of(offsets)
                .mapToObj(offset -> new SpooledCapture(
                        List.of(offset),
                        new SourceRecord(
                                sessionId.getBytes(StandardCharsets.UTF_8),
                                randomBytes(offset, valueBytes),
                                List.of(),
                                1_700_000_000_000L + offset)))
                .toList();
        return new SpooledBatch(ORIGIN, sessionId, captures);
    }

    public static byte[] randomBytes(long seed, int bytes) {
        byte[] random = new byte[bytes];
        new Random(seed).nextBytes(random);
        return random;
    }

    /** Whether two batches are the same to the byte. */
    public static boolean same(SpooledBatch one, SpooledBatch other) {
        return describe(one).equals(describe(other));
    }

    /** All of a batch as text, null and empty told apart. */
    public static String describe(SpooledBatch batch) {
        StringBuilder text =
                new StringBuilder().append(batch.origin()).append(' ').append(batch.sessionId());
        for (SpooledCapture capture : batch.captures()) {
            SourceRecord record = capture.record();
            text.append('\n')
                    .append(capture.offsets())
                    .append(' ')
                    .append(record.timestamp())
                    .append(" key ")
                    .append(Arrays.toString(record.key()));
            for (Header header : record.headers()) {
                text.append(' ').append(header.key()).append('=').append(Arrays.toString(header.value()));
            }
            text.append(" value ").append(Arrays.toString(record.value()));
        }
        return text.toString();
    }
}
