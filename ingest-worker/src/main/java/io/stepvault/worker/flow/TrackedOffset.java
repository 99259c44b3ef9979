package io.stepvault.worker.flow;

import java.util.Optional;

/**
 * The handle of one record that this worker answers for: whoever settles the record marks the handle, and only then may
 * a committed offset pass it. Only the pipeline's thread may touch it.
 */
public final class TrackedOffset {
    private final Assignment assignment;
    private final long offset;
    private final Optional<String> adoptedFor;

    TrackedOffset(Assignment assignment, long offset, Optional<String> adoptedFor) {
        this.assignment = assignment;
        this.offset = offset;
        this.adoptedFor = adoptedFor;
    }

    Optional<String> adoptedFor() {
        return adoptedFor;
    }

    /** The assignment under which the record is answered for. */
    public Assignment assignment() {
        return assignment;
    }

    /** The record's offset in its partition. */
    public long offset() {
        return offset;
    }

    /**
     * Says that the record is settled for good: what it carries is stored and about to be completed, or dead-lettered,
     * or lost and counted.
     */
    public void done() {
        assignment.settled(this);
    }

    /** Gives the record up, to be read from the topic again: what was read of it is gone. */
    public void readAgain() {
        assignment.readAgain(this);
    }

    @Override
    public String toString() {
        return assignment + "@" + offset;
    }
}
