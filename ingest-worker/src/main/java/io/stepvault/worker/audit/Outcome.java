package io.stepvault.worker.audit;

/** What became of a capture, or of a record that is none. */
public enum Outcome {
    /** It is stored, and equal as far as was looked. */
    STORED("stored", false),
    /** It was missing, and this audit has had it stored. */
    REPAIRED("repaired", false),
    /** It is not stored, and nothing says why. */
    MISSING("missing", true),
    /** It is stored, and not as it was captured. */
    DIFFERING("differing", true),
    /** It is not stored, and so old that the store's policy has had it removed, or would. */
    EXPIRED("expired", false),
    /** It is not stored; so many later revisions are that the store's policy has had it removed, or would. */
    PRUNED("pruned", false),
    /** Its session has been deleted. */
    SESSION_DELETED("session-deleted", false),
    /** It waits in a worker's disk queue. */
    ON_DISK_QUEUE("on-disk-queue", false),
    /** It, or the record, is a dead letter. */
    DEAD_LETTERED("dead-lettered", false),
    /** No worker can store the record, and it is no dead letter. */
    NOT_DEAD_LETTERED("not-dead-lettered", true);

    private final String code;
    private final boolean problem;

    Outcome(String code, boolean problem) {
        this.code = code;
        this.problem = problem;
    }

    /** For programs. */
    public String code() {
        return code;
    }

    /** Whether somebody has to see to it. */
    public boolean isProblem() {
        return problem;
    }
}
