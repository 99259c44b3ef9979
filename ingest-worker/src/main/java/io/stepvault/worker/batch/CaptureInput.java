package io.stepvault.worker.batch;

import io.stepvault.worker.flow.TrackedCapture;

/** Where captures enter the batch stage. */
@FunctionalInterface
public interface CaptureInput {
    /** Takes a capture; its handle is settled once the capture is stored and completed. */
    void accept(TrackedCapture capture);
}
