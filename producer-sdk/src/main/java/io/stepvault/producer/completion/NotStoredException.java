package io.stepvault.producer.completion;

/** A step that was waited for went to the dead-letter topic: it will not be stored. */
public final class NotStoredException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    NotStoredException(String reason) {
        super("the capture went to the dead-letter topic: " + reason);
        this.reason = reason;
    }

    /** The reason's code, as in the dead letter's header. */
    public String reason() {
        return reason;
    }
}
