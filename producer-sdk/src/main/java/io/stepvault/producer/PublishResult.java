package io.stepvault.producer;

/** What became of a capture at {@link StepPublisher#publish}. Later versions may add reasons. */
public enum PublishResult {
    /** It is in the queue and will be sent. */
    ACCEPTED,
    /** The queue is full: Kafka takes captures more slowly than they come, or not at all. */
    QUEUE_FULL,
    /** Serialized, it is larger than the publisher's {@code maxCaptureBytes}. */
    TOO_LARGE,
    /** It can never be stored: an id, an attachment name, the capture time or the action breaks the rules. */
    INVALID,
    /** The publisher is closed. */
    CLOSED;

    /** What a publisher says to a capture that it refuses for this reason. */
    public static PublishResult refusedAs(DropReason reason) {
        return switch (reason) {
            case TOO_LARGE -> TOO_LARGE;
            case INVALID -> INVALID;
            case CLOSED -> CLOSED;
            case QUEUE_FULL -> QUEUE_FULL;
            case EVICTED, ABANDONED, REDACTED, REDACTION_FAILED ->
                throw new IllegalArgumentException(
                        "captures dropped as " + reason.code() + " were accepted, not refused");
        };
    }

    /** Whether the capture will be sent. */
    public boolean isAccepted() {
        return this == ACCEPTED;
    }
}
