package io.stepvault.worker.complete;

import io.stepvault.storage.StoreOutcome;
import java.time.Instant;
import java.util.List;

/** The place of a session batch in its session's order of completions. */
@FunctionalInterface
public interface PendingCompletion {
    /**
     * Says that the batch is stored and readable.
     *
     * @param steps what was stored, one for each capture, in the batch's order
     * @param storedAt when the last object was stored
     */
    void stored(List<StoreOutcome.Stored> steps, Instant storedAt);
}
