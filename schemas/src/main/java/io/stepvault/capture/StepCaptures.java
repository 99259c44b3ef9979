package io.stepvault.capture;

import io.stepvault.event.StepCapture;
import java.time.Instant;

/** Starts step captures. */
public final class StepCaptures {
    static {
        EventTrust.establish();
    }

    private StepCaptures() {}

    /**
     * A capture of a step; everything else is at its default until it is set.
     *
     * @param capturedAt when it was captured; kept in whole microseconds, years 1970 to 9999
     */
    public static StepCapture.Builder of(String sessionId, String stepId, Instant capturedAt) {
        return StepCapture.newBuilder()
                .setSessionId(sessionId)
                .setStepId(stepId)
                .setCapturedAt(capturedAt);
    }
}
