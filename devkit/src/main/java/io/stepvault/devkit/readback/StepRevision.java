package io.stepvault.devkit;

import io.stepvault.capture.CommitRecord;
import io.stepvault.event.StepCapture;

/**
 * One capture of a step, by its names: what is published, completed and read back again. Immutable; safe for any thread.
 *
 * @param revision as in {@link io.stepvault.capture.Revision#toString}
 */
record StepRevision(String sessionId, String stepId, String revision) {
    /** What a capture will be stored as. Hashes its artifacts. */
    static StepRevision of(StepCapture capture) {
        return new StepRevision(
                capture.getSessionId(),
                capture.getStepId(),
                CommitRecord.of(capture).revision().toString());
    }
}
