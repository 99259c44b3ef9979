package io.stepvault.worker.assemble;

import java.time.Duration;

/**
 * How chunk sets are bounded.
 *
 * @param maxCaptureBytes a set that announces more is never opened, in bytes
 * @param maxBytes what open sets may take up on the disk, in bytes; at least {@code maxCaptureBytes}
 * @param timeout a set is given up when its next chunk has not come for so long, while there was nothing else to read
 */
public record AssembleSettings(long maxCaptureBytes, long maxBytes, Duration timeout) {
    /** What an event is larger than its artifacts at most: ids, names and the like. */
    private static final long ENVELOPE_BYTES = 1 << 20;

    long maxSetBytes() {
        return maxCaptureBytes + ENVELOPE_BYTES;
    }

    /** What one set may take up on the disk: keys and headers come on top of what it announces. */
    long maxFileBytes() {
        return Math.max(maxBytes, maxSetBytes() + maxSetBytes() / 4);
    }
}
