package io.stepvault.worker.audit;

/** What a store holds that the range does not ask for. None of it is a problem. */
public enum StoreFinding {
    /** A step that is not in the range: as a rule one that retention has taken from the topic. */
    NOT_IN_RANGE("not-in-range"),
    /** Artifacts without a commit record: their writer died. */
    ORPHAN("orphan"),
    /** Artifacts without a commit record, so young that they may be on their way. */
    UNDER_WAY("perhaps-under-way"),
    /** What is left of a session that was deleted. */
    OF_DELETED_SESSION("of-deleted-session"),
    /** An object that belongs to no step, or that its step does not name. */
    STRAY_OBJECT("stray-object");

    private final String code;

    StoreFinding(String code) {
        this.code = code;
    }

    /** For programs. */
    public String code() {
        return code;
    }
}
