package io.stepvault.storage.retry;

import io.stepvault.storage.object.BucketSettings;
import io.stepvault.storage.object.ByteRange;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectChecksums;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectPage;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.ObjectVersions;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.storage.object.UnfinishedUploads;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** An object store that is not asked faster than a {@link Pace}: every call waits for its place. Safe for any thread. */
public final class PacedObjectStore implements ObjectStore {
    private final ObjectStore to;
    private final Pace pace;

    /** Calls {@code to}, and closes it. */
    public PacedObjectStore(ObjectStore to, Pace pace) {
        this.to = to;
        this.pace = pace;
    }

    @Override
    public CompletableFuture<Void> put(PutRequest request) {
        return later(request.body().remaining(), () -> to.put(request));
    }

    @Override
    public CompletableFuture<Boolean> exists(String key) {
        return later(0, () -> to.exists(key));
    }

    private <T> CompletableFuture<T> later(long bytes, Supplier<CompletableFuture<T>> call) {
        Duration wait = pace.reserve(bytes);
        if (wait.isZero()) {
            return call.get();
        }
        Executor afterwards = CompletableFuture.delayedExecutor(wait.toNanos(), TimeUnit.NANOSECONDS);
        return CompletableFuture.completedFuture(call).thenComposeAsync(Supplier::get, afterwards);
    }

    @Override
    public InputStream get(String key, Optional<ByteRange> range) {
        await(key);
        return to.get(key, range);
    }

    @Override
    public Optional<ObjectInfo> head(String key) {
        await(key);
        return to.head(key);
    }

    @Override
    public ObjectPage list(ListRequest request) {
        await(request.prefix());
        return to.list(request);
    }

    @Override
    public void delete(String key) {
        await(key);
        to.delete(key);
    }

    private void await(String key) {
        try {
            TimeUnit.NANOSECONDS.sleep(pace.reserve(0).toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransientStoreException(location().toString(), key, "interrupted while it waited its turn", e);
        }
    }

    @Override
    public Optional<UnfinishedUploads> unfinishedUploads() {
        return to.unfinishedUploads();
    }

    @Override
    public Optional<ObjectVersions> versions() {
        return to.versions();
    }

    @Override
    public Optional<ObjectChecksums> checksums() {
        return to.checksums().map(checksums -> key -> {
            await(key);
            return checksums.crc32(key);
        });
    }

    @Override
    public Optional<BucketSettings> settings() {
        return to.settings();
    }

    @Override
    public Optional<URI> presign(String key, boolean asAttachment, Duration validFor) {
        return to.presign(key, asAttachment, validFor);
    }

    @Override
    public URI uriOf(String key) {
        return to.uriOf(key);
    }

    @Override
    public URI location() {
        return to.location();
    }

    @Override
    public void close() {
        to.close();
    }
}
