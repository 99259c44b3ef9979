package io.stepvault.devkit.readback;

import io.stepvault.capture.CommitRecord;
import io.stepvault.event.StepCapture;

/**
 * One capture of a step, by its names: what is published, completed and read back again. Immutable; safe for any thread.
 *
 * @param revision as in {@link io.stepvault.capture.Revision#toString}
 */
public record StepRevision(String sessionId, String stepId, String revision) {
    /** What a capture will be stored as. Hashes its artifacts. */
    public static StepRevision of(StepCapture capture) {
        return new StepRevision(
                capture.getSessionId(),
                capture.getStepId(),
                CommitRecord.of(capture).revision().toString());
    }
}
