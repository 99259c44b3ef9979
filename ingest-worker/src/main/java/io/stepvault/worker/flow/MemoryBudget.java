package io.stepvault.worker.flow;

/**
 * Counts the bytes of captures held in memory, from when they are decoded until they are stored, and says when to stop
 * reading: above the limit, and then until use has fallen to {@value #RESUME_PERCENT} % of it, so that partitions do
 * not flutter.
 *
 * <p>A single poll may overshoot the limit, by at most what the consumer prefetches: the limit is set below the budget
 * by that much. Only the pipeline's thread may touch it.
 */
public final class MemoryBudget {
    private static final int RESUME_PERCENT = 90;

    private final long limit;
    private long used;
    private boolean full;

    /** A budget that stops reading above {@code limit} bytes. */
    public MemoryBudget(long limit) {
        if (limit <= 0) {
            throw new IllegalArgumentException("the memory budget is " + limit + " bytes; expected more than 0");
        }
        this.limit = limit;
    }

    /** Takes bytes into memory. Never refuses: what was read must go somewhere. */
    public void take(long bytes) {
        change(bytes);
    }

    /** Gives bytes back. */
    public void release(long bytes) {
        change(-bytes);
    }

    private void change(long bytes) {
        used += bytes;
        if (used > limit) {
            full = true;
        } else if (used <= resumeLevel()) {
            full = false;
        }
    }

    /** Whether so many bytes more would still be below the limit, or nothing is held at all. */
    public boolean hasRoom(long bytes) {
        return used + bytes <= limit || used <= 0;
    }

    /** Whether reading should stop for now. */
    public boolean isFull() {
        return full;
    }

    /** Bytes held now. */
    public long used() {
        return used;
    }

    private long resumeLevel() {
        return limit / 100 * RESUME_PERCENT;
    }

    /** Where reading stops, in bytes. */
    public long limit() {
        return limit;
    }
}
