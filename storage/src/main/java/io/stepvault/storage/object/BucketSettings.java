package io.stepvault.storage.object;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a bucket does by itself: keeps versions, and removes objects by rules. Calls block.
 *
 * <p>Safe for any thread.
 */
public interface BucketSettings {
    /** Whether what is deleted or replaced is kept. */
    enum Versioning {
        /** It never was. */
        OFF,
        /** It is. */
        ON,
        /** Not any more; what was kept before stays. */
        SUSPENDED,
        /** The store has no such thing. */
        UNSUPPORTED
    }

    /**
     * A rule that a bucket has, whoever made it.
     *
     * @param id empty if it has none
     * @param prefix what keys begin with that it is about; empty for all
     * @param enabled whether it is in force
     * @param action what it does, for people
     */
    record RuleSummary(String id, String prefix, boolean enabled, String action) {}

    /**
     * Whether versions are kept.
     *
     * @throws StoreException if the store fails
     */
    Versioning versioning();

    /**
     * Has versions kept from now on, of all objects of the bucket.
     *
     * @throws StoreAccessException if the store has no such thing
     * @throws StoreException if the store fails
     */
    void enableVersioning();

    /**
     * The bucket's rules; empty if the store has no such thing.
     *
     * @throws StoreException if the store fails
     */
    Optional<List<RuleSummary>> rules();

    /**
     * Puts rules in place of those with the ids {@code replaced}. All others stay as they are. What somebody else changes
     * at this very moment is lost: S3 takes all rules of a bucket at once.
     *
     * @throws StoreAccessException if the store has no such thing, or takes no more rules
     * @throws StoreException if the store fails
     */
    void replaceRules(Set<String> replaced, List<BucketRule> rules);
}
