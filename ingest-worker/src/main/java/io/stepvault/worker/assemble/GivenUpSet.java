package io.stepvault.worker.assemble;

import io.stepvault.capture.Rejection;
import io.stepvault.worker.assemble.ChunkSet.Chunk;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.DeadLetter;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;

/** What is left of a set that will not become whole, on its way to the dead letters. Only the pipeline's thread may touch it. */
final class GivenUpSet {
    /** Its number in the {@link ChunkStore}. */
    final long number;

    final Assignment assignment;
    final Rejection why;

    // By offset: who waits for memory may wait for the lowest to be settled.
    private final Deque<Chunk> left = new ArrayDeque<>();
    private long bytesOnDisk;

    GivenUpSet(ChunkSet set, Rejection why) {
        this.number = set.number;
        this.assignment = set.assignment();
        this.why = why;
        this.bytesOnDisk = set.bytesOnDisk();
        set.chunks().stream()
                .sorted(Comparator.comparingLong(GivenUpSet::offset))
                .forEach(left::add);
    }

    private static long offset(Chunk chunk) {
        return chunk.offsets().get(0).offset();
    }

    boolean isEmpty() {
        return left.isEmpty();
    }

    int chunks() {
        return left.size();
    }

    long bytesOnDisk() {
        return bytesOnDisk;
    }

    /** Whether the lowest of its offsets is this one. */
    boolean isNext(long offset) {
        return !left.isEmpty() && offset(left.getFirst()) == offset;
    }

    /** What the next chunk takes up in memory as a dead letter, in bytes. */
    long nextBytes() {
        return left.isEmpty() ? 0 : left.getFirst().recordBytes() + DeadLetter.BYTES_BESIDES_RECORD;
    }

    /** Takes the next chunk out; there is one. */
    Chunk takeNext() {
        Chunk next = left.removeFirst();
        bytesOnDisk -= left.isEmpty() ? bytesOnDisk : next.piece().bytes();
        return next;
    }
}
