package io.stepvault.storage;

import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectPage;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.storage.retry.BlockingRetry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Removes objects and counts them, or only counts them. Calls block, and are made again when the store fails for the
 * moment. For one thread.
 */
final class Sweep {
    private final ObjectStore objects;
    private final BlockingRetry retry;
    private final Optional<Consumer<ObjectInfo>> onlyTold;
    private Removed removed = Removed.NOTHING;

    /**
     * A sweep of {@code objects}.
     *
     * @param onlyTold if present, nothing is changed, and this is told what would go
     */
    Sweep(ObjectStore objects, BlockingRetry retry, Optional<Consumer<ObjectInfo>> onlyTold) {
        this.objects = objects;
        this.retry = retry;
        this.onlyTold = onlyTold;
    }

    /** What has been removed, or would have been. */
    Removed removed() {
        return removed;
    }

    /** Shows all objects whose keys begin with {@code prefix}, in order. They may be removed meanwhile. */
    void forEach(String prefix, Consumer<ObjectInfo> action) {
        Optional<ListRequest> request = Optional.of(ListRequest.of(prefix));
        while (request.isPresent()) {
            ListRequest current = request.get();
            ObjectPage page = retry.call(() -> objects.list(current));
            page.objects().forEach(action);
            request = page.next(current);
        }
    }

    /** All objects whose keys begin with {@code prefix}: for one that few have. */
    List<ObjectInfo> list(String prefix) {
        List<ObjectInfo> found = new ArrayList<>();
        forEach(prefix, found::add);
        return found;
    }

    /** What keys that begin with {@code prefix} go on with, up to and with the next slash, in order. */
    List<String> directories(String prefix) {
        List<String> found = new ArrayList<>();
        Optional<ListRequest> request = Optional.of(ListRequest.directory(prefix));
        while (request.isPresent()) {
            ListRequest current = request.get();
            ObjectPage page = retry.call(() -> objects.list(current));
            found.addAll(page.prefixes());
            request = page.next(current);
        }
        return found;
    }

    Optional<ObjectInfo> find(String key) {
        return retry.call(() -> objects.head(key));
    }

    void remove(ObjectInfo object) {
        if (onlyTold.isPresent()) {
            onlyTold.get().accept(object);
        } else {
            delete(object.key());
        }
        removed = removed.plus(new Removed(1, object.size()));
    }

    /** Deletes an object that nobody counts. */
    void delete(String key) {
        if (onlyTold.isEmpty()) {
            retry.call(() -> {
                objects.delete(key);
                return key;
            });
        }
    }

    /** Writes an empty object. */
    void put(String key) {
        if (onlyTold.isEmpty()) {
            PutRequest request = new PutRequest(key, "application/octet-stream", ByteBuffer.allocate(0), Map.of());
            retry.call(() -> finished(objects.put(request), key));
        }
    }

    private String finished(CompletableFuture<Void> put, String key) {
        try {
            put.get();
            return key;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransientStoreException(objects.location().toString(), key, "interrupted; run it again", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException classified) {
                throw classified;
            }
            throw new IllegalStateException("a put fails with a StoreException and nothing else", e);
        }
    }
}
