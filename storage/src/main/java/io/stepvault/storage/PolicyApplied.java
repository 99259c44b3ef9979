package io.stepvault.storage;

/**
 * What came of a policy.
 *
 * @param expired steps that were too old
 * @param thinnedOut revisions that were too many
 * @param cleaned what nobody could read
 */
public record PolicyApplied(Removed expired, Removed thinnedOut, Removed cleaned) {
    /** All together. */
    public Removed total() {
        return expired.plus(thinnedOut).plus(cleaned);
    }
}
