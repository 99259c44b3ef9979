package io.stepvault.worker.audit;

import io.stepvault.storage.LifecyclePolicy;
import io.stepvault.worker.audit.sort.SortLimits;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * What an audit looks at, and how.
 *
 * @param scope which sessions of the store
 * @param depth how closely
 * @param policy that of the store
 * @param grace how old artifacts without a commit record are before they count as orphans
 */
public record AuditSettings(Scope scope, AuditDepth depth, LifecyclePolicy policy, Duration grace, Bounds bounds) {
    /**
     * Which sessions of the store are looked at, besides those of the range.
     *
     * @param wholeStore whether any are
     * @param idPrefix what their ids begin with; may be empty
     * @param takes which of these
     */
    public record Scope(boolean wholeStore, String idPrefix, Predicate<String> takes) {
        /** All. */
        public static final Scope WHOLE_STORE = new Scope(true, "", session -> true);

        /** Only those of which the range holds captures. */
        public static final Scope OF_THE_RANGE = new Scope(false, "", session -> true);
    }

    /**
     * What it may take.
     *
     * @param readsInFlight how many requests it makes of the store at once, at least 1
     * @param sort memory and files of each of its sorts
     */
    public record Bounds(int readsInFlight, SortLimits sort) {
        /** 16 requests. */
        public static final Bounds DEFAULT = new Bounds(16, SortLimits.DEFAULT);

        /** Checks the number. */
        public Bounds {
            if (readsInFlight < 1) {
                throw new IllegalArgumentException("at least one request is made at a time, not " + readsInFlight);
            }
        }
    }
}
