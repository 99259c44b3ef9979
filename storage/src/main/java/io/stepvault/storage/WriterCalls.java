package io.stepvault.storage;

import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.retry.AsyncRetry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The calls besides puts that writing needs, none of which begins on the caller's thread. They are made again when the
 * store fails for the moment. Safe for any thread.
 */
final class WriterCalls {
    private final ObjectStore objects;
    private final Executor executor;
    private final AsyncRetry retry;

    WriterCalls(ObjectStore objects, Executor executor, AsyncRetry retry) {
        this.objects = objects;
        this.executor = executor;
        this.retry = retry;
    }

    /** Whether there is such an object. */
    CompletableFuture<Boolean> exists(String key) {
        return retry.call(() -> CompletableFuture.completedFuture(key).thenComposeAsync(objects::exists, executor));
    }

    /** The first objects whose keys begin with {@code prefix}, up to 1,000. */
    CompletableFuture<List<ObjectInfo>> list(String prefix) {
        return retry.call(() -> CompletableFuture.supplyAsync(
                () -> objects.list(ListRequest.of(prefix)).objects(), executor));
    }

    /** Deletes objects one by one, in the order given. */
    CompletableFuture<Void> delete(List<String> keys) {
        return retry.call(() -> CompletableFuture.runAsync(() -> keys.forEach(objects::delete), executor));
    }
}
