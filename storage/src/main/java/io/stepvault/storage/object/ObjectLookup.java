package io.stepvault.storage.object;

import java.util.concurrent.CompletableFuture;

/**
 * Finds out whether objects exist, on the way of writing: beside {@link ObjectWriter} the only role that a writer needs
 * for every batch.
 *
 * <p>Safe for any thread.
 */
@FunctionalInterface
public interface ObjectLookup {
    /**
     * Whether there is such an object. Never blocks on the network or the disk, and throws nothing: the future fails
     * with a {@link StoreException}.
     */
    CompletableFuture<Boolean> exists(String key);
}
