package io.stepvault.worker.audit;

import java.util.Comparator;

/**
 * Where a capture, or a record that is none, lies on its topic. Ordered by partition, then offset. Immutable.
 *
 * @param partition from 0
 * @param firstOffset that of its first chunk; the same as {@code offset} if it is one record
 * @param offset its own: that of its last chunk
 */
public record CapturePlace(int partition, long firstOffset, long offset) implements Comparable<CapturePlace> {
    private static final Comparator<CapturePlace> ORDER = Comparator.comparingInt(CapturePlace::partition)
            .thenComparingLong(CapturePlace::offset)
            .thenComparingLong(CapturePlace::firstOffset);

    /** Checks the numbers. */
    public CapturePlace {
        if (partition < 0 || firstOffset < 0 || offset < firstOffset) {
            throw new IllegalArgumentException(
                    "no place on a topic: " + partition + "@" + firstOffset + " to " + offset);
        }
    }

    @Override
    public int compareTo(CapturePlace other) {
        return ORDER.compare(this, other);
    }

    /** {@code PARTITION@OFFSET}. */
    @Override
    public String toString() {
        return partition + "@" + offset;
    }
}
