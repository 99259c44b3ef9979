package io.stepvault.worker.simulation;

import io.stepvault.worker.commit.CommitMetadata;
import io.stepvault.worker.flow.OffsetRuns;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** Takes commit metadata for what it seems to say, whatever its checksum, its topic and its base offset. */
final class BlindTrust {
    private static final int BYTES_BEFORE_BASE = 17;
    private static final int MAX_LENGTH = 10_000;

    private BlindTrust() {}

    static OffsetAndMetadata in(OffsetAndMetadata committed, String topicId) {
        String metadata = committed.metadata();
        if (CommitMetadata.decode(metadata, topicId, committed.offset()).isPresent()) {
            return committed;
        }
        List<OffsetRuns.Run> runs = new ArrayList<>();
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(metadata));
            bytes.position(BYTES_BEFORE_BASE).limit(bytes.limit() - Integer.BYTES);
            varint(bytes);
            long next = committed.offset();
            while (bytes.hasRemaining()) {
                long first = next + Math.max(1, varint(bytes) % MAX_LENGTH);
                next = first + Math.max(1, varint(bytes) % MAX_LENGTH);
                runs.add(new OffsetRuns.Run(first, next - 1));
            }
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            runs.clear();
        }
        return new OffsetAndMetadata(
                committed.offset(),
                CommitMetadata.encode(topicId, committed.offset(), new OffsetRuns(runs))
                        .orElse(""));
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value & Long.MAX_VALUE;
            }
        }
    }
}
