package io.stepvault.producer;

/** What became of a capture at {@link StepPublisher#publish}. Later versions may add reasons. */
public enum PublishResult {
    /** It is in the queue and will be sent. */
    ACCEPTED,
    /** The queue is full: Kafka takes captures more slowly than they come, or not at all. */
    QUEUE_FULL,
    /** Serialized, it is larger than the producer's {@code max.request.size} allows. */
    TOO_LARGE,
    /** It can never be stored: an id, an attachment name, the capture time or the action breaks the rules. */
    INVALID,
    /** The publisher is closed. */
    CLOSED;

    /** Whether the capture will be sent. */
    public boolean isAccepted() {
        return this == ACCEPTED;
    }
}
