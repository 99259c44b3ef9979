package io.stepvault.storage.object;

import java.net.URI;
import java.util.Optional;
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

    /** Uploads that were begun in this store and never finished; empty if it has no such thing. */
    default Optional<UnfinishedUploads> unfinishedUploads() {
        return Optional.empty();
    }

    /** What this store keeps of objects that were deleted or replaced; empty if it never keeps anything. */
    default Optional<ObjectVersions> versions() {
        return Optional.empty();
    }

    /** What this store does by itself; empty if nothing ever. */
    default Optional<BucketSettings> settings() {
        return Optional.empty();
    }

    /** Which checksums this store tells; empty if it keeps none of its own, as a file system does. */
    default Optional<ObjectChecksums> checksums() {
        return Optional.empty();
    }

    /** Where an object is, or would be: {@code s3://bucket/key}, the key to the letter, or {@code file:///path}. */
    URI uriOf(String key);

    /** The store itself, without parameters: {@code s3://bucket} or {@code file:///dir}. */
    URI location();

    /** Lets go of connections and threads. Puts in flight may fail. Idempotent. */
    @Override
    void close();
}
