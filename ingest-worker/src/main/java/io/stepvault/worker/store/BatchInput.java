package io.stepvault.worker.store;

import io.stepvault.worker.flow.SessionBatch;

/** Where session batches enter the store stage. */
@FunctionalInterface
public interface BatchInput {
    /** Takes a batch, to be stored as soon as the store allows. */
    void accept(SessionBatch batch);
}
