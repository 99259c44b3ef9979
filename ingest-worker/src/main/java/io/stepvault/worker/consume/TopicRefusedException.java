package io.stepvault.worker.consume;

/** The source topic must not be consumed; the message says why and what to do. */
public final class TopicRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says {@code message}. */
    public TopicRefusedException(String message) {
        super(message);
    }
}
