package io.stepvault.capture;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.stepvault.capture.Rejection.Reason;
import io.stepvault.event.Artifact;
import io.stepvault.event.StepCapture;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Tells captures that can be stored from those that never can.
 *
 * <p>Immutable; safe for any thread.
 *
 * @param maxBytes the most that one capture may hold, as {@link #bytesOf} counts
 * @param maxClockSkew how far the capture time may lie after the record's timestamp
 */
public record CaptureRules(long maxBytes, Duration maxClockSkew) {
    /** The most attachments that a capture may have. */
    public static final int MAX_ATTACHMENTS = 64;

    /** How deep the objects and arrays of an action may nest. */
    public static final int MAX_ACTION_DEPTH = 1000;

    // An action may be as large as a capture. Its names are hostile: they must not fill a table shared by all.
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNestingDepth(MAX_ACTION_DEPTH)
                    .build())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    /**
     * Finds what is wrong with a capture.
     *
     * @param recordTime the timestamp of the record that carried it
     * @return empty if the capture can be stored
     */
    public Optional<Rejection> check(StepCapture capture, Instant recordTime) {
        return id(capture.getSessionId(), "session id", Reason.INVALID_SESSION_ID)
                .or(() -> id(capture.getStepId(), "step id", Reason.INVALID_STEP_ID))
                .or(() -> attachments(capture))
                .or(() -> time(capture.getCapturedAt(), recordTime))
                .or(() -> size(capture))
                .or(() -> capture.getAction().flatMap(CaptureRules::action));
    }

    /**
     * The bytes of a capture that count against limits and budgets: everything in it that has no bound of its own.
     * Text counts by its characters.
     */
    public static long bytesOf(StepCapture capture) {
        long bytes = capture.getAction().map(String::length).orElse(0);
        bytes += capture.getUrl().map(String::length).orElse(0);
        bytes += capture.getHtml().map(CaptureRules::bytesOf).orElse(0L);
        bytes += capture.getScreenshot().map(CaptureRules::bytesOf).orElse(0L);
        for (Artifact attachment : capture.getAttachments().values()) {
            bytes += bytesOf(attachment);
        }
        for (var label : capture.getLabels().entrySet()) {
            bytes += label.getKey().length();
            bytes += label.getValue().length();
        }
        return bytes;
    }

    private static long bytesOf(Artifact artifact) {
        return (long) artifact.getContentType().length() + artifact.getData().remaining();
    }

    private static Optional<Rejection> id(String id, String what, Reason reason) {
        try {
            IdCodec.encode(id);
            return Optional.empty();
        } catch (InvalidIdException e) {
            return reject(reason, what + " " + e.getMessage());
        }
    }

    private static Optional<Rejection> attachments(StepCapture capture) {
        int count = capture.getAttachments().size();
        if (count > MAX_ATTACHMENTS) {
            return reject(
                    Reason.TOO_MANY_ATTACHMENTS, count + " attachments; at most " + MAX_ATTACHMENTS + " are allowed");
        }
        for (String name : capture.getAttachments().keySet()) {
            Optional<Rejection> invalid = id(name, "attachment name", Reason.INVALID_ATTACHMENT_NAME);
            if (invalid.isPresent()) {
                return invalid;
            }
        }
        return Optional.empty();
    }

    private Optional<Rejection> time(Instant asGiven, Instant recordTime) {
        Instant capturedAt = asGiven.truncatedTo(ChronoUnit.MICROS);
        if (capturedAt.isBefore(Revision.EARLIEST) || capturedAt.isAfter(Revision.LATEST)) {
            return reject(
                    Reason.CAPTURE_TIME_OUT_OF_RANGE,
                    "capture time is outside 1970 to 9999; expected microseconds since 1970");
        }
        if (capturedAt.isAfter(recordTime.plus(maxClockSkew))) {
            return reject(
                    Reason.CAPTURE_TIME_IN_FUTURE,
                    "capture time " + capturedAt + " is more than " + maxClockSkew + " after the record's time "
                            + recordTime + "; check the producer's clock");
        }
        return Optional.empty();
    }

    private Optional<Rejection> size(StepCapture capture) {
        long bytes = bytesOf(capture);
        return bytes > maxBytes
                ? reject(Reason.TOO_LARGE, "capture holds " + bytes + " bytes; at most " + maxBytes + " are allowed")
                : Optional.empty();
    }

    private static Optional<Rejection> action(String action) {
        try (JsonParser json = JSON.createParser(action)) {
            if (json.nextToken() == null) {
                return reject(Reason.INVALID_ACTION, "action is empty; expected one JSON value");
            }
            json.skipChildren();
            if (json.nextToken() != null) {
                return reject(Reason.INVALID_ACTION, "action goes on after its first JSON value");
            }
            return Optional.empty();
        } catch (IOException e) {
            return reject(Reason.INVALID_ACTION, "action is not JSON of at most " + MAX_ACTION_DEPTH + " levels");
        }
    }

    private static Optional<Rejection> reject(Reason reason, String detail) {
        return Optional.of(new Rejection(reason, detail));
    }
}
