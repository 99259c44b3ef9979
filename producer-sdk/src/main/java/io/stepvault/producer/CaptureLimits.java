package io.stepvault.producer;

import java.util.List;
import java.util.OptionalInt;

/**
 * How large captures may be, and how large the records that carry them.
 *
 * @param maxCaptureBytes the most bytes of a capture, serialized
 * @param chunkBytes captures of more bytes than this, serialized, are sent as several records
 */
record CaptureLimits(int maxCaptureBytes, int chunkBytes) {
    /** What an untouched broker takes (1 MiB), less some room. */
    static final int DEFAULT_CHUNK_BYTES = 900 << 10;

    private static final int LEAST_CHUNK_BYTES = 1 << 10;

    /**
     * Puts defaults in where nothing is given; adds what is wrong to {@code mistakes}.
     *
     * @param queueBytes what fits into the queue
     * @param maxRecordBytes what fits into a record
     */
    static CaptureLimits check(
            OptionalInt maxCaptureBytes,
            OptionalInt chunkBytes,
            long queueBytes,
            int maxRecordBytes,
            List<String> mistakes) {
        int capture = maxCaptureBytes.orElse((int) Math.min(CaptureCheck.DEFAULT_MAX_CAPTURE_BYTES, queueBytes));
        if (capture < 1) {
            mistakes.add("the largest capture has " + capture + " bytes; expected at least 1");
        }
        if (queueBytes < capture) {
            mistakes.add("queue bytes are " + queueBytes + "; expected at least " + capture
                    + ", so that the largest capture fits (maxCaptureBytes)");
        }
        int chunk = chunkBytes.orElse(Math.min(DEFAULT_CHUNK_BYTES, maxRecordBytes));
        if (chunk < LEAST_CHUNK_BYTES || chunk > maxRecordBytes) {
            mistakes.add("chunk bytes are " + chunk + "; expected " + LEAST_CHUNK_BYTES + " to " + maxRecordBytes
                    + ", which is Kafka's max.request.size (or buffer.memory) less room for key and headers");
        }
        return new CaptureLimits(capture, chunk);
    }
}
