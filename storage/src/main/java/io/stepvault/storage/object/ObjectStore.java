package io.stepvault.storage.object;

import java.net.URI;
import java.util.concurrent.CompletableFuture;

/**
 * A store of objects by key: all roles in one. Keys are used as they are; who calls decides on prefixes.
 *
 * <p>Safe for any thread.
 */
public interface ObjectStore
        extends ObjectWriter, ObjectLookup, ObjectReader, ObjectPresigner, ObjectLister, ObjectDeleter, AutoCloseable {
    /** As {@link #head} on the caller's thread: only for stores of which that does not block. */
    @Override
    default CompletableFuture<Boolean> exists(String key) {
        try {
            return CompletableFuture.completedFuture(head(key).isPresent());
        } catch (StoreException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Where an object is, or would be: {@code s3://bucket/key}, the key to the letter, or {@code file:///path}. */
    URI uriOf(String key);

    /** The store itself, without parameters: {@code s3://bucket} or {@code file:///dir}. */
    URI location();

    /** Lets go of connections and threads. Puts in flight may fail. Idempotent. */
    @Override
    void close();
}
