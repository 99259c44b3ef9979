package io.stepvault.worker.complete;

import io.stepvault.worker.flow.SessionBatch;

/** Where session batches are announced to the completion stage, in the order of their offsets. */
@FunctionalInterface
public interface CompletionInput {
    /** Opens the place of a batch in its session's order, to be filled once the batch is stored. */
    PendingCompletion expect(SessionBatch batch);
}
