package io.stepvault.producer;

import io.stepvault.capture.CaptureRules;
import io.stepvault.capture.Rejection;
import io.stepvault.event.StepCapture;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells captures that can be published from those that the worker would dead-letter. Public for other implementations of
 * {@link StepPublisher}.
 *
 * <p>Immutable; safe for any thread.
 */
public final class CaptureCheck {
    /** The largest capture that a worker takes unless told otherwise: 64 MiB. */
    public static final int DEFAULT_MAX_CAPTURE_BYTES = 64 << 20;

    /** The worker's rules. Size is checked as serialized, which is the larger of the two measures. */
    private static final CaptureRules RULES = new CaptureRules(Long.MAX_VALUE, Duration.ofHours(24));

    private final long maxCaptureBytes;
    private final Clock clock;

    /**
     * A check.
     *
     * @param maxCaptureBytes the most bytes that a capture may have, serialized
     * @param clock against which capture times must not lie in the future
     */
    public CaptureCheck(long maxCaptureBytes, Clock clock) {
        this.maxCaptureBytes = maxCaptureBytes;
        this.clock = clock;
    }

    /** What came of a check. */
    public sealed interface Verdict {
        /**
         * The capture can be published.
         *
         * @param bytes its size, serialized
         */
        record Sound(long bytes) implements Verdict {}

        /**
         * It cannot.
         *
         * @param reason {@link DropReason#INVALID} or {@link DropReason#TOO_LARGE}
         * @param detail one sentence for a person: what was found and what was expected; never content
         */
        record Unsound(DropReason reason, String detail) implements Verdict {}
    }

    /** Checks a capture, within a microsecond or two unless it has a long action. Throws nothing. */
    public Verdict check(@Nullable StepCapture capture) {
        if (capture == null) {
            return new Verdict.Unsound(DropReason.INVALID, "there is no capture");
        }
        long bytes;
        try {
            Optional<Rejection> rejection = RULES.check(capture, clock.instant());
            if (rejection.isPresent()) {
                return new Verdict.Unsound(DropReason.INVALID, rejection.get().detail());
            }
            bytes = CaptureSize.of(capture);
        } catch (RuntimeException e) {
            // Avro's generated classes let anything be null: whatever breaks here would break the encoder.
            return new Verdict.Unsound(
                    DropReason.INVALID,
                    "a required field is missing, a text is not valid Unicode, or the capture is being changed");
        }
        return bytes > maxCaptureBytes
                ? new Verdict.Unsound(DropReason.TOO_LARGE, tooLarge(bytes))
                : new Verdict.Sound(bytes);
    }

    private String tooLarge(long bytes) {
        return "the capture has " + bytes + " bytes, serialized; at most " + maxCaptureBytes
                + " are allowed: capture less, or raise maxCaptureBytes (and queueBytes) here and capture.max.bytes"
                + " on the workers";
    }
}
