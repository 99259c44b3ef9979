package io.stepvault.worker.config;

import java.time.Duration;
import java.util.List;

/**
 * How captures that come in chunks are put together. Immutable; safe for any thread.
 *
 * @param maxBytes {@code assemble.max.bytes}: chunks on disk, all together
 * @param timeout {@code chunk.timeout}
 */
public record ChunkConfig(ByteSize maxBytes, Duration timeout) {
    /** @throws ConfigException with every value that is not allowed */
    public ChunkConfig {
        new Problems()
                .check(WorkerKeys.ASSEMBLE_MAX_BYTES, maxBytes)
                .check(WorkerKeys.CHUNK_TIMEOUT, timeout)
                .throwIfAny();
    }

    /** With less, the largest capture could never be put together. */
    static List<Problem> roomForOneCapture(ByteSize assemble, ByteSize capture) {
        if (assemble.compareTo(capture) >= 0) {
            return List.of();
        }
        return List.of(new Problem(
                WorkerKeys.ASSEMBLE_MAX_BYTES.name(),
                "'" + assemble + "' is less than capture.max.bytes (" + capture + "); set at least " + capture
                        + ", or lower that"));
    }
}
