package io.stepvault.worker.batch;

import io.stepvault.worker.flow.TrackedCapture;

/** Chooses what is stored of that which was read. */
@FunctionalInterface
public interface CaptureChoice {
    /** Takes everything. */
    CaptureChoice ALL = capture -> true;

    /** Whether a capture is to be stored; asked once each time that it is read. One that is not counts as settled. */
    boolean takes(TrackedCapture capture);
}
