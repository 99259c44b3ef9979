package io.stepvault.worker.spool;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A disk queue that takes nothing: what cannot be stored is held in memory until it can. Safe for any thread. */
public final class NoDiskQueue implements SpoolDisk {
    @Override
    public CompletableFuture<Written> write(List<SpooledBatch> batches) {
        return CompletableFuture.completedFuture(new Written.Refused("there is no disk queue", false));
    }

    @Override
    public CompletableFuture<ReadBack> read(SpoolEntry entry) {
        return CompletableFuture.completedFuture(new ReadBack.Corrupt("there is no disk queue"));
    }

    @Override
    public CompletableFuture<Void> delete(String file) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Use use() {
        return new Use(0, 0, 0);
    }
}
