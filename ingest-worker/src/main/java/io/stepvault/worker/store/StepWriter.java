package io.stepvault.worker.store;

import io.stepvault.storage.StepToStore;
import io.stepvault.storage.StoreOutcome;
import io.stepvault.storage.object.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What the store stage needs of a store. */
public interface StepWriter {
    /** Stores steps: one outcome each, in the order given. Does not block and never completes exceptionally. */
    CompletableFuture<List<StoreOutcome>> store(List<StepToStore> steps);

    /** Finds out whether the store takes objects. Completes with what is wrong, or empty; never exceptionally. */
    CompletableFuture<Optional<StoreException>> probe();
}
