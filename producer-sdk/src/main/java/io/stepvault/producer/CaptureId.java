package io.stepvault.producer;

import io.stepvault.capture.IdCodec;
import io.stepvault.capture.InvalidIdException;
import io.stepvault.event.StepCapture;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Names a capture in callbacks, without its content. Ids are the crawler's text and may be hostile: ids too long to be
 * valid are cut, missing ones are empty.
 *
 * @param sessionId the session, at most {@value IdCodec#MAX_ENCODED_LENGTH} characters
 * @param stepId the step, at most {@value IdCodec#MAX_ENCODED_LENGTH} characters
 * @param sequence its number in the session, if it has one
 */
public record CaptureId(String sessionId, String stepId, Optional<Long> sequence) {

    /** Names a capture that has been given this number, if any; also one that lacks ids, or none. */
    public static CaptureId of(@Nullable StepCapture capture, Optional<Long> sequence) {
        return capture == null
                ? new CaptureId("", "", sequence)
                : new CaptureId(cut(capture.getSessionId()), cut(capture.getStepId()), sequence);
    }

    /**
     * Whether a capture's session id is usable, so that it takes a sequence number whatever else is wrong with it.
     */
    public static boolean hasUsableSession(@Nullable StepCapture capture) {
        if (capture == null || capture.getSessionId() == null) {
            return false;
        }
        try {
            IdCodec.encode(capture.getSessionId());
            return true;
        } catch (InvalidIdException e) {
            return false;
        }
    }

    private static String cut(@Nullable String id) {
        if (id == null) {
            return "";
        }
        return id.length() <= IdCodec.MAX_ENCODED_LENGTH ? id : id.substring(0, IdCodec.MAX_ENCODED_LENGTH);
    }
}
