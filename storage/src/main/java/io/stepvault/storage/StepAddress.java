package io.stepvault.storage;

import io.stepvault.capture.IdCodec;
import io.stepvault.capture.InvalidIdException;
import io.stepvault.capture.Revision;
import java.util.Optional;

/**
 * Names a step, or one of its revisions.
 *
 * @param revision empty for the latest one
 */
public record StepAddress(String sessionId, String stepId, Optional<Revision> revision) {
    /**
     * Checks the ids.
     *
     * @throws InvalidIdException if an id can not be one of a stored step
     */
    public StepAddress {
        var unusedSession = IdCodec.encode(sessionId);
        var unusedStep = IdCodec.encode(stepId);
    }

    /** The latest revision of a step. */
    public static StepAddress latest(String sessionId, String stepId) {
        return new StepAddress(sessionId, stepId, Optional.empty());
    }

    /** The revision that a listing named. */
    public static StepAddress of(StepEntry entry) {
        return new StepAddress(entry.sessionId(), entry.stepId(), Optional.of(entry.revision()));
    }
}
