package io.stepvault.worker.commit;

/** Where completions and dead letters enter the commit stage. */
@FunctionalInterface
public interface CommitInput {
    /** Takes what settles records, to be committed together with their offsets. */
    void settle(Settlement settlement);
}
