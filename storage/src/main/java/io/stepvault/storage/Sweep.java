package io.stepvault.storage;

import io.stepvault.storage.object.ListPlace;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectPage;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.ObjectVersion;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.storage.object.UnfinishedUpload;
import io.stepvault.storage.object.UnfinishedUploads;
import io.stepvault.storage.retry.BlockingRetry;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Removes objects and counts them, or only counts them. Calls block, and are made again when the store fails for the
 * moment. For one thread.
 */
final class Sweep {
    private final ObjectStore objects;
    private final BlockingRetry retry;
    private final LifecycleListener listener;
    private final boolean dryRun;
    private Removed removed = Removed.NOTHING;

    /**
     * A sweep of {@code objects}.
     *
     * @param listener is told what is removed
     * @param dryRun whether nothing is changed, and only told
     */
    Sweep(ObjectStore objects, BlockingRetry retry, LifecycleListener listener, boolean dryRun) {
        this.objects = objects;
        this.retry = retry;
        this.listener = listener;
        this.dryRun = dryRun;
    }

    boolean isDryRun() {
        return dryRun;
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

    /** Whether there is such an object among those whose keys begin with {@code prefix}; they are looked at in order. */
    boolean anyMatch(String prefix, Predicate<ObjectInfo> predicate) {
        Optional<ListRequest> request = Optional.of(ListRequest.of(prefix));
        while (request.isPresent()) {
            ListRequest current = request.get();
            ObjectPage page = retry.call(() -> objects.list(current));
            if (page.objects().stream().anyMatch(predicate)) {
                return true;
            }
            request = page.next(current);
        }
        return false;
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

    /** The days that have day markers, oldest first. */
    List<LocalDate> days(ObjectsLayout layout) {
        return directories(layout.days()).stream()
                .flatMap(prefix -> layout.readDay(prefix).stream())
                .toList();
    }

    Optional<ObjectInfo> find(String key) {
        return retry.call(() -> objects.head(key));
    }

    void remove(ObjectInfo object) {
        delete(object.key());
        removed = removed.plus(new Removed(1, object.size()));
        listener.removed(object);
    }

    /** Tells what has come back, or would have. */
    void tellRestored(ObjectVersion version) {
        listener.restored(version);
    }

    /** Tells what cannot come back. */
    void tellLost(String revision, String why) {
        listener.lost(revision, why);
    }

    /** Counts a session, and tells it, that is left alone because a label holds it. */
    void leaveHeld(String sessionId, String why) {
        removed = removed.plus(new Removed(0, 0, 0, 1));
        listener.held(sessionId, why);
    }

    /** Gives up the uploads under {@code prefix} that were begun before {@code before}. */
    void abortUploads(String prefix, Instant before) {
        objects.unfinishedUploads()
                .ifPresent(uploads -> forEachUpload(prefix, upload -> {
                    if (upload.begunAt().isBefore(before)) {
                        abort(uploads, upload);
                    }
                }));
    }

    /** Shows all uploads under {@code prefix} that nobody has finished. They may be given up meanwhile. */
    void forEachUpload(String prefix, Consumer<UnfinishedUpload> action) {
        Optional<UnfinishedUploads> uploads = objects.unfinishedUploads();
        boolean more = uploads.isPresent();
        Optional<ListPlace> place = Optional.empty();
        while (more) {
            Optional<ListPlace> from = place;
            UnfinishedUploads.Page page = retry.call(() -> uploads.orElseThrow().list(prefix, from));
            page.uploads().forEach(action);
            place = page.next();
            // A store that goes in circles is left.
            more = place.isPresent() && !place.equals(from);
        }
    }

    private void abort(UnfinishedUploads uploads, UnfinishedUpload upload) {
        long bytes = retry.call(() -> uploads.bytes(upload));
        if (!dryRun) {
            retry.call(() -> {
                uploads.abort(upload);
                return upload;
            });
        }
        removed = removed.plus(new Removed(0, 1, bytes, 0));
        listener.aborted(upload, bytes);
    }

    /** Deletes an object that nobody counts. */
    void delete(String key) {
        if (!dryRun) {
            retry.call(() -> {
                objects.delete(key);
                return key;
            });
        }
    }

    /** Writes an empty object. */
    void put(String key) {
        put(new PutRequest(key, "application/octet-stream", ByteBuffer.allocate(0), Map.of()));
    }

    void put(PutRequest request) {
        if (!dryRun) {
            retry.call(() -> finished(objects.put(request), request.key()));
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
