package io.stepvault.worker.replay;

import java.util.Locale;

/** What becomes of a capture, or of a record that is none. */
public enum Outcome {
    /** It is stored by this replay; in a dry run, it would be. */
    STORED("stored"),
    /** It was in the store. */
    ALREADY_THERE("already there"),
    /** Its session was not asked for. */
    OTHER_SESSION("of other sessions"),
    /** Its session has been deleted. */
    SESSION_DELETED("of deleted sessions"),
    /** The store's policy would expire it at once. */
    EXPIRED("expired by the policy"),
    /** The store's policy keeps fewer revisions of its step than there are later ones. */
    SUPERSEDED("revisions the policy does not keep"),
    /** A chunk of a capture that began before the range. */
    CUT("chunks of captures that began before the range"),
    /** The record can never be stored: the live group dead-letters it. */
    BAD("bad records, which go to the dead letters of the live group"),
    /** The store refuses it for good. */
    FAILED("refused by the store");

    private final String description;

    Outcome(String description) {
        this.description = description;
    }

    /** For people, in the plural. */
    public String description() {
        return description;
    }

    /** For programs. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
