package io.stepvault.worker.complete;

import io.stepvault.worker.flow.SessionBatch;
import java.time.Instant;
import java.util.List;

/** The place of a session batch in its session's order of completions. */
public interface PendingCompletion {
    /**
     * Says what became of the batch: what is stored of it is readable.
     *
     * @param results one for each capture, in the batch's order
     * @param storedAt when the last object was stored
     * @param whenCommitted run once that is committed, and not at all if the partition goes before
     */
    void finished(SessionBatch batch, List<CaptureResult> results, Instant storedAt, Runnable whenCommitted);

    /** Gives up the batch's place in the order, so that it does not hold up those behind it for long. */
    void waiveOrder();

    /** Gives up the batch: its records will be read again, and make up other batches. */
    void abandon();
}
