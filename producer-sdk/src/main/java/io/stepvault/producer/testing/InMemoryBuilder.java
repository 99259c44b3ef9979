package io.stepvault.producer.testing;

import io.stepvault.producer.CaptureCheck;
import io.stepvault.producer.DroppedCapture;
import io.stepvault.producer.FailedCapture;
import io.stepvault.producer.Redaction;
import io.stepvault.producer.Redactor;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Configures an {@link InMemoryStepPublisher}, with the names of {@link io.stepvault.producer.PublisherBuilder}.
 *
 * <p>Not safe for concurrent use; can be opened more than once.
 */
public final class InMemoryBuilder {
    private int maxCaptureBytes = CaptureCheck.DEFAULT_MAX_CAPTURE_BYTES;
    private Clock clock = Clock.systemUTC();
    private Optional<Redactor> redactor = Optional.empty();
    private Consumer<DroppedCapture> onDropped = dropped -> {};
    private Consumer<FailedCapture> onFailed = failed -> {};

    InMemoryBuilder() {}

    record Callbacks(Consumer<DroppedCapture> onDropped, Consumer<FailedCapture> onFailed) {}

    /** The most bytes that a capture may have, serialized. */
    public InMemoryBuilder maxCaptureBytes(int maxBytes) {
        this.maxCaptureBytes = maxBytes;
        return this;
    }

    /** The clock by which captures must not lie in the future; the system's unless set. */
    public InMemoryBuilder clock(Clock clock) {
        this.clock = clock;
        return this;
    }

    /** Redacts or drops captures before they arrive. */
    public InMemoryBuilder redact(Redactor redactor) {
        this.redactor = Optional.of(redactor);
        return this;
    }

    /** Is told of every dropped capture. */
    public InMemoryBuilder onDropped(Consumer<DroppedCapture> callback) {
        this.onDropped = callback;
        return this;
    }

    /** Is told of every capture that fails. */
    public InMemoryBuilder onFailed(Consumer<FailedCapture> callback) {
        this.onFailed = callback;
        return this;
    }

    /** Opens the publisher. */
    public InMemoryStepPublisher open() {
        return new InMemoryStepPublisher(this);
    }

    CaptureCheck check() {
        return new CaptureCheck(maxCaptureBytes, clock);
    }

    Optional<Redaction> redaction() {
        return redactor.map(hook -> new Redaction(hook, check()));
    }

    Callbacks callbacks() {
        return new Callbacks(onDropped, onFailed);
    }
}
