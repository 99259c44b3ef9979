package io.stepvault.worker.audit;

import java.nio.ByteBuffer;

/** Places on a topic as bytes that sort by partition, then offset. */
final class PlaceKey {
    private PlaceKey() {}

    /** Both are at least 0, so that their bytes sort as they do. */
    static byte[] of(int partition, long offset) {
        return ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                .putInt(partition)
                .putLong(offset)
                .array();
    }
}
