package io.stepvault.producer;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A capture given to {@link StepPublisher#publishAsync} was not acknowledged. */
public final class NotPublishedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final @Nullable DropReason reason;

    /** The capture was dropped. */
    public NotPublishedException(DropReason reason, String detail) {
        super(detail);
        this.reason = reason;
    }

    /** Kafka refused the capture. */
    public NotPublishedException(Exception cause) {
        super("Kafka refused the capture: " + cause.getMessage(), cause);
        this.reason = null;
    }

    /** Why it was dropped; empty if it was sent and Kafka refused it, which is then the cause. */
    public Optional<DropReason> reason() {
        return Optional.ofNullable(reason);
    }
}
