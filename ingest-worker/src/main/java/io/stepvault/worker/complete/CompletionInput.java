package io.stepvault.worker.complete;

import io.stepvault.worker.flow.Assignment;

/** Where session batches are announced to the completion stage. */
@FunctionalInterface
public interface CompletionInput {
    /**
     * Opens the place of a batch in its session's order, to be filled once the batch is stored.
     *
     * @param firstOffset the offset of its first capture
     */
    PendingCompletion expect(Assignment assignment, String sessionId, long firstOffset);
}
