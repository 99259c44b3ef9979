package io.stepvault.worker.flow;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/**
 * Finds the offset that may be committed while records are settled in any order: the lowest one not settled, or the one
 * after the last delivered. Offsets that were never delivered (transaction markers, aborted records) leave gaps, which
 * count as settled.
 *
 * <p>Pure arithmetic; only the pipeline's thread may touch it. Memory grows with the records between the lowest
 * unsettled and the last delivered.
 */
final class OffsetTracker {
    private final Deque<TrackedOffset> unsettled = new ArrayDeque<>();
    private long first = -1;
    private long next = -1;

    /**
     * Notes that a record was delivered.
     *
     * @throws IllegalArgumentException if its offset is not above all those before it
     */
    void track(TrackedOffset delivered) {
        if (delivered.offset() < next) {
            throw new IllegalArgumentException(
                    "offset " + delivered.offset() + " delivered again; expected " + next + " or above");
        }
        if (first < 0) {
            first = delivered.offset();
        }
        unsettled.addLast(delivered);
        next = delivered.offset() + 1;
    }

    /** The offset to commit, or empty while that is still where reading began. It never goes back. */
    OptionalLong committable() {
        dropSettled();
        long committable = unsettled.isEmpty() ? next : unsettled.getFirst().offset();
        return committable > first ? OptionalLong.of(committable) : OptionalLong.empty();
    }

    /** Whether every delivered record is settled. */
    boolean isSettled() {
        dropSettled();
        return unsettled.isEmpty();
    }

    private void dropSettled() {
        while (!unsettled.isEmpty() && unsettled.getFirst().isDone()) {
            unsettled.removeFirst();
        }
    }
}
