package io.stepvault.worker.spool;

import io.stepvault.worker.complete.CaptureResult;
import io.stepvault.worker.flow.SessionBatch;
import java.time.Instant;
import java.util.List;

/** A batch read back from the disk queue, to be stored. One of its two methods must be called, once. */
public interface DrainedBatch {
    /** The batch; if its partition is somebody else's, under an assignment that commits nothing. */
    SessionBatch batch();

    /** Whether its captures that cannot be stored now have been tried for long enough. */
    boolean isLastAttempt();

    /** Says what became of it. */
    void finished(List<CaptureResult> results, Instant storedAt);

    /**
     * Says that it could not be stored.
     *
     * @param storeWorks whether the store takes other objects
     */
    void failed(boolean storeWorks, String why);
}
