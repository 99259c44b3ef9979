package io.stepvault.worker.flow;

/**
 * The handle of one consumed record: whoever settles the record marks the handle, and only then may a committed offset
 * pass it. Only the pipeline's thread may touch it.
 */
public final class TrackedOffset {
    private final Assignment assignment;
    private final long offset;
    private boolean done;

    TrackedOffset(Assignment assignment, long offset) {
        this.assignment = assignment;
        this.offset = offset;
    }

    /** The assignment under which the record was read. */
    public Assignment assignment() {
        return assignment;
    }

    /** The record's offset in its partition. */
    public long offset() {
        return offset;
    }

    /** Says that the record is settled for good: stored and about to be completed, or skipped and counted. */
    public void done() {
        done = true;
    }

    boolean isDone() {
        return done;
    }

    @Override
    public String toString() {
        return assignment + "@" + offset;
    }
}
