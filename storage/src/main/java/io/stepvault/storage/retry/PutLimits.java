package io.stepvault.storage.retry;

/**
 * How many objects are written at once.
 *
 * @param max the most puts in flight, at least 1. While the store is overloaded there are fewer
 * @param listener is told how many there are
 */
public record PutLimits(int max, Listener listener) {
    /** Checks the bounds. */
    public PutLimits {
        if (max < 1) {
            throw new IllegalArgumentException("at least 1 put in flight is needed, not " + max);
        }
    }

    /** At most {@code max} puts in flight, telling nobody. */
    public static PutLimits of(int max) {
        return new PutLimits(max, (inFlight, limit) -> {});
    }

    /** Is told about puts in flight. */
    @FunctionalInterface
    public interface Listener {
        /**
         * One of the figures has changed. Called in the order of the changes, never twice at once, and often: it must
         * be quick and call nothing back.
         *
         * @param inFlight how many puts are under way now. May be above the limit for a while, after it has fallen
         * @param limit how many may be
         */
        void changed(int inFlight, int limit);
    }
}
