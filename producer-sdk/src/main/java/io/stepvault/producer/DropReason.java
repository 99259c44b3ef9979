package io.stepvault.producer;

/** Why a capture was dropped and not sent. {@link #code} is what metrics and logs carry. Later versions may add some. */
public enum DropReason {
    /** Refused: the queue was full. */
    QUEUE_FULL("queue-full", false),
    /** Refused: serialized, it is larger than the publisher's {@code maxCaptureBytes}. */
    TOO_LARGE("too-large", false),
    /** Refused: it can never be stored. */
    INVALID("invalid", false),
    /** Refused: the publisher was closed. */
    CLOSED("closed", false),
    /** Accepted, then made to give room to a newer one by {@link OverflowPolicy.DropOldest}. */
    EVICTED("evicted", true),
    /** Accepted, but not acknowledged when the publisher was closed. Kafka may have it nevertheless. */
    ABANDONED("abandoned", true),
    /** Accepted, then dropped on purpose by the {@link Redactor}. */
    REDACTED("redacted", true),
    /** Accepted, but the {@link Redactor} threw or returned what cannot be published: nothing of it was sent. */
    REDACTION_FAILED("redaction-failed", true);

    private final String code;
    private final boolean wasAccepted;

    DropReason(String code, boolean wasAccepted) {
        this.code = code;
        this.wasAccepted = wasAccepted;
    }

    /** The stable name of this reason. */
    public String code() {
        return code;
    }

    /** Whether the capture had been accepted; if not, {@code publish} said so. */
    public boolean wasAccepted() {
        return wasAccepted;
    }
}
