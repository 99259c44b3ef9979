package io.stepvault.producer;

import java.time.Duration;

/** What happens to a capture that finds the queue full. */
public sealed interface OverflowPolicy {

    /** The new capture is refused; what is queued stays. */
    static OverflowPolicy dropNewest() {
        return new DropNewest();
    }

    /** The oldest queued captures, of whatever session, are evicted until the new one fits. */
    static OverflowPolicy dropOldest() {
        return new DropOldest();
    }

    /** {@code publish} waits for room, and refuses the capture when the time is up. */
    static OverflowPolicy block(Duration atMost) {
        return new Block(atMost);
    }

    /** See {@link #dropNewest()}. */
    record DropNewest() implements OverflowPolicy {}

    /** See {@link #dropOldest()}. */
    record DropOldest() implements OverflowPolicy {}

    /**
     * See {@link #block(Duration)}.
     *
     * @param atMost how long one call waits at most; more than zero. A wait ends early when the publisher is closed, or
     *     when the thread is interrupted (its flag stays set)
     */
    record Block(Duration atMost) implements OverflowPolicy {
        /** Checks the time. */
        public Block {
            if (atMost.isNegative() || atMost.isZero()) {
                throw new IllegalArgumentException("a blocking overflow policy waits " + atMost
                        + "; expected more than zero, or use OverflowPolicy.dropNewest()");
            }
        }
    }
}
