package io.stepvault.producer;

import io.stepvault.event.StepCapture;
import java.util.Optional;

/**
 * Has a {@link Redactor} redact captures, and lets nothing through if that goes wrong in any way. Public for other
 * implementations of {@link StepPublisher}.
 *
 * <p>As safe for several threads as the redactor is.
 */
public final class Redaction {
    private final Redactor redactor;
    private final CaptureCheck check;

    /** Redaction of captures that keep to the rules of {@code check}. */
    public Redaction(Redactor redactor, CaptureCheck check) {
        this.redactor = redactor;
        this.check = check;
    }

    /** What came of a redaction. */
    public sealed interface Result {
        /** This is to be sent. */
        record Kept(StepCapture capture) implements Result {}

        /**
         * Nothing is to be sent.
         *
         * @param reason {@link DropReason#REDACTED} or {@link DropReason#REDACTION_FAILED}
         * @param detail one sentence for a person; never content
         */
        record Dropped(DropReason reason, String detail) implements Result {}
    }

    /** Redacts a capture that has its sequence number. Throws nothing. */
    public Result redact(StepCapture capture) {
        // An in-place change must not hide that they were changed: take them before.
        String session = capture.getSessionId();
        Optional<Long> sequence = capture.getSequence();
        Optional<StepCapture> redacted;
        try {
            redacted = redactor.redact(capture);
        } catch (RuntimeException | Error e) {
            return failed("the redaction hook threw " + e.getClass().getName() + place(e));
        }
        if (isNull(redacted)) {
            return failed("the redaction hook returned null; expected a capture, or Optional.empty() to drop it");
        }
        if (redacted.isEmpty()) {
            return new Result.Dropped(DropReason.REDACTED, "the redaction hook dropped it");
        }
        StepCapture kept = redacted.get();
        if (check.check(kept) instanceof CaptureCheck.Verdict.Unsound unsound) {
            return failed("what the redaction hook returned cannot be published: " + unsound.detail());
        }
        if (!kept.getSessionId().equals(session) || !kept.getSequence().equals(sequence)) {
            return failed("the redaction hook changed the session id or the sequence number; expected both as given");
        }
        return new Result.Kept(kept);
    }

    private static Result failed(String detail) {
        return new Result.Dropped(DropReason.REDACTION_FAILED, detail);
    }

    /** Callers without a null checker. */
    private static boolean isNull(Object given) {
        return given == null;
    }

    private static String place(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        return trace.length == 0 ? "" : " at " + trace[0];
    }
}
