package io.stepvault.devkit.chaos;

import java.time.Duration;

/**
 * What a run is made of. Immutable; safe for any thread.
 *
 * @param seed draws the load and the troubles
 * @param plan what happens
 * @param duration how long troubles go on at least, or in a drill how long the store is away
 * @param workers how many processes
 * @param perSecond how many captures are published in a second
 * @param heap of each worker, as {@code 256m}
 */
public record ChaosSettings(long seed, Plan plan, Duration duration, int workers, int perSecond, String heap) {
    /** What happens. */
    public enum Plan {
        /** Everything, at random, to an S3 store. */
        MIXED,
        /** The same with a store of files, which has no faults of its own. */
        MIXED_FILES,
        /** The store is away for a while; nothing else happens. */
        OUTAGE,
        /** The same, and the disk queue is too small for it. */
        SMALL_SPOOL,
        /** The same as an outage, and meanwhile a worker joins and one leaves. */
        OUTAGE_REBALANCE;

        /** Whether it is an outage of the store that is looked at, rather than everything at once. */
        public boolean isDrill() {
            return this != MIXED && this != MIXED_FILES;
        }

        /** As it is written on the command line. */
        public String text() {
            return switch (this) {
                case MIXED -> "mixed";
                case MIXED_FILES -> "mixed on files";
                case OUTAGE -> "outage";
                case SMALL_SPOOL -> "small-spool";
                case OUTAGE_REBALANCE -> "outage-rebalance";
            };
        }
    }
}
