package io.stepvault.storage.object;

import java.util.concurrent.CompletableFuture;

/**
 * Writes objects. This is the hot role: nearly all of a worker's time goes through it.
 *
 * <p>Safe for any thread.
 */
@FunctionalInterface
public interface ObjectWriter {
    /**
     * Writes an object whole: a reader sees all of it or none of it. An object that is there already is replaced.
     *
     * <p>Never blocks on the network or the disk, and throws nothing: the future fails with a {@link StoreException}. A
     * failed put may have been done all the same.
     */
    CompletableFuture<Void> put(PutRequest request);
}
