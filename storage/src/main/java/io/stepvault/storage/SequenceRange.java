package io.stepvault.storage;

/**
 * Sequence numbers that follow each other.
 *
 * @param from the first
 * @param to the last, inclusive
 */
public record SequenceRange(long from, long to) {
    /** Checks the bounds. */
    public SequenceRange {
        if (to < from) {
            throw new IllegalArgumentException("a range goes up, not from " + from + " to " + to);
        }
    }
}
