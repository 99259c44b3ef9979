package io.stepvault.storage.object;

import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Any object store, with puts that fail before they reach it. */
public final class FaultyObjectStore implements ObjectStore {
    /** Says with what the put of a key fails, if it does; called with how many puts there were before. */
    public interface Faults {
        /** The failure of put number {@code number}, counted from 0. */
        Optional<StoreException> on(int number, String key);
    }

    private final ObjectStore store;
    private final Faults faults;
    private final Runnable beforeListing;
    private final List<String> puts = new ArrayList<>();

    /** {@code store} with {@code faults}. */
    public FaultyObjectStore(ObjectStore store, Faults faults) {
        this(store, faults, () -> {});
    }

    /** {@code store} with {@code faults}, and something that happens before each listing. */
    public FaultyObjectStore(ObjectStore store, Faults faults, Runnable beforeListing) {
        this.store = store;
        this.faults = faults;
        this.beforeListing = beforeListing;
    }

    /** Faults that hit one put only. */
    public static Faults onPut(int failing, Function<String, StoreException> failure) {
        return (number, key) -> number == failing ? Optional.of(failure.apply(key)) : Optional.empty();
    }

    /** A failure that may pass. */
    public static StoreException unavailable(String key) {
        return new TransientStoreException("test:", key, "fault", null);
    }

    /** A failure that stays until somebody mends it. */
    public static StoreException denied(String key) {
        return new StoreAccessException("test:", key, "fault", null);
    }

    /** A failure that stays. */
    public static StoreException refused(String key) {
        return new ObjectRefusedException("test:", key, "fault", null);
    }

    /** The keys of all puts so far. */
    public synchronized List<String> puts() {
        return List.copyOf(puts);
    }

    @Override
    public CompletableFuture<Void> put(PutRequest request) {
        Optional<StoreException> failure;
        synchronized (this) {
            failure = faults.on(puts.size(), request.key());
            puts.add(request.key());
        }
        return failure.map(CompletableFuture::<Void>failedFuture).orElseGet(() -> store.put(request));
    }

    @Override
    public InputStream get(String key, Optional<ByteRange> range) {
        return store.get(key, range);
    }

    @Override
    public Optional<ObjectInfo> head(String key) {
        return store.head(key);
    }

    @Override
    public ObjectPage list(ListRequest request) {
        beforeListing.run();
        return store.list(request);
    }

    @Override
    public void delete(String key) {
        store.delete(key);
    }

    @Override
    public URI uriOf(String key) {
        return store.uriOf(key);
    }

    @Override
    public URI location() {
        return store.location();
    }

    @Override
    public void close() {}
}
