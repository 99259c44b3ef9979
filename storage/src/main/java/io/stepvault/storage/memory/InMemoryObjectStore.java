package io.stepvault.storage.memory;

import io.stepvault.storage.object.ByteRange;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectPage;
import io.stepvault.storage.object.ObjectRefusedException;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An object store in memory, with scripted faults. Deterministic: by default a put completes on the thread that calls
 * it, before it returns; with an executor that a test steps, puts and look-ups complete when the test says.
 *
 * <p>Safe for any thread. Closing it does nothing, so that it can be looked at or opened again.
 */
public final class InMemoryObjectStore implements ObjectStore {
    private static final URI LOCATION = URI.create("memory:store");

    private record StoredObject(PutRequest put, Instant modified) {
        byte[] bytes() {
            ByteBuffer body = put.body();
            byte[] bytes = new byte[body.remaining()];
            body.get(bytes);
            return bytes;
        }

        int size() {
            return put.size();
        }
    }

    private static final class Script {
        private final Predicate<String> keys;
        private final Fault fault;
        private int left;

        Script(Predicate<String> keys, int left, Fault fault) {
            this.keys = keys;
            this.left = left;
            this.fault = fault;
        }
    }

    private final Clock clock;
    private final Executor executor;
    private final NavigableMap<String, StoredObject> objects = new TreeMap<>();
    private final List<String> puts = new ArrayList<>();
    private final List<Script> scripts = new ArrayList<>();

    /** A store whose puts complete at once. */
    public InMemoryObjectStore() {
        this(Clock.systemUTC(), Runnable::run);
    }

    /** A store by {@code clock} whose puts are done by {@code executor}. */
    public InMemoryObjectStore(Clock clock, Executor executor) {
        this.clock = clock;
        this.executor = executor;
    }

    /** Makes the next {@code calls} calls of any kind fail. */
    public void failNext(int calls, Fault fault) {
        failNext(calls, key -> true, fault);
    }

    /** Makes the next {@code calls} calls fail whose key (or prefix, when listing) is one of {@code keys}. */
    public synchronized void failNext(int calls, Predicate<String> keys, Fault fault) {
        scripts.add(new Script(keys, calls, fault));
    }

    /** Makes all calls fail whose key or prefix is one of {@code keys}, until {@link #heal}. */
    public void failAlways(Predicate<String> keys, Fault fault) {
        failNext(Integer.MAX_VALUE, keys, fault);
    }

    /** Forgets the faults that are still to come. */
    public synchronized void heal() {
        scripts.clear();
    }

    /** The keys of all puts so far, failed ones too, in order. */
    public synchronized List<String> puts() {
        return List.copyOf(puts);
    }

    /** Every object's bytes by key: a copy. */
    public synchronized SortedMap<String, byte[]> contents() {
        SortedMap<String, byte[]> copy = new TreeMap<>();
        objects.forEach((key, object) -> copy.put(key, object.bytes()));
        return copy;
    }

    /** The content type that the object was put with. */
    public synchronized Optional<String> contentType(String key) {
        return Optional.ofNullable(objects.get(key)).map(object -> object.put.contentType());
    }

    /** The content encoding that the object was put with, if any. */
    public synchronized Optional<String> contentEncoding(String key) {
        return Optional.ofNullable(objects.get(key)).flatMap(object -> object.put.contentEncoding());
    }

    /** The metadata that the object was put with; empty if there is no such object. */
    public synchronized Map<String, String> metadata(String key) {
        StoredObject object = objects.get(key);
        return object == null ? Map.of() : object.put.metadata();
    }

    @Override
    public CompletableFuture<Void> put(PutRequest request) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        executor.execute(() -> {
            Optional<StoreException> failure = write(request);
            failure.ifPresentOrElse(done::completeExceptionally, () -> done.complete(null));
        });
        return done;
    }

    private synchronized Optional<StoreException> write(PutRequest request) {
        puts.add(request.key());
        Fault fault = nextFault(request.key());
        if (fault == null || fault == Fault.ANSWER_LOST) {
            byte[] copy = new StoredObject(request, Instant.EPOCH).bytes();
            PutRequest kept = new PutRequest(
                    request.key(),
                    request.contentType(),
                    request.contentEncoding(),
                    ByteBuffer.wrap(copy),
                    request.metadata(),
                    request.sha256());
            objects.put(request.key(), new StoredObject(kept, clock.instant()));
        }
        return Optional.ofNullable(fault).map(found -> failure(found, request.key()));
    }

    /** On the executor, as puts are. */
    @Override
    public CompletableFuture<Boolean> exists(String key) {
        CompletableFuture<Boolean> found = new CompletableFuture<>();
        executor.execute(() -> {
            try {
                found.complete(head(key).isPresent());
            } catch (StoreException e) {
                found.completeExceptionally(e);
            }
        });
        return found;
    }

    @Override
    public synchronized InputStream get(String key, Optional<ByteRange> range) {
        throwFault(key);
        StoredObject object = objects.get(key);
        if (object == null) {
            throw new ObjectNotFoundException(LOCATION.toString(), key, null);
        }
        long size = object.size();
        if (range.isPresent() && range.get().offset() >= size) {
            throw new IllegalArgumentException(
                    "range begins past the end of " + key + ", which has " + size + " bytes");
        }
        long from = range.map(ByteRange::offset).orElse(0L);
        long to = range.map(bytes -> Math.min(size, bytes.offset() + bytes.length()))
                .orElse(size);
        return new ByteArrayInputStream(object.bytes(), (int) from, (int) (to - from));
    }

    @Override
    public synchronized Optional<ObjectInfo> head(String key) {
        throwFault(key);
        return Optional.ofNullable(objects.get(key)).map(object -> info(key, object));
    }

    @Override
    public synchronized ObjectPage list(ListRequest request) {
        throwFault(request.prefix());
        String startAfter = request.startAfter().orElse("");
        boolean fromPrefix = startAfter.compareTo(request.prefix()) < 0;
        return ObjectPage.of(
                objects.tailMap(fromPrefix ? request.prefix() : startAfter, fromPrefix).entrySet().stream()
                        .map(entry -> info(entry.getKey(), entry.getValue()))
                        .iterator(),
                request);
    }

    @Override
    public synchronized void delete(String key) {
        throwFault(key);
        objects.remove(key);
    }

    @Override
    public URI uriOf(String key) {
        return URI.create(LOCATION + "/" + key);
    }

    @Override
    public URI location() {
        return LOCATION;
    }

    @Override
    public void close() {}

    private static ObjectInfo info(String key, StoredObject object) {
        return new ObjectInfo(key, object.size(), object.modified);
    }

    private void throwFault(String key) {
        Fault fault = nextFault(key);
        if (fault != null) {
            throw failure(fault, key);
        }
    }

    private @Nullable Fault nextFault(String key) {
        for (Iterator<Script> next = scripts.iterator(); next.hasNext(); ) {
            Script script = next.next();
            if (script.keys.test(key)) {
                if (--script.left == 0) {
                    next.remove();
                }
                return script.fault;
            }
        }
        return null;
    }

    private static StoreException failure(Fault fault, String key) {
        String store = LOCATION.toString();
        return switch (fault) {
            case TRANSIENT, ANSWER_LOST -> new TransientStoreException(store, key, "scripted fault " + fault, null);
            case THROTTLED -> TransientStoreException.throttled(store, key, null);
            case DENIED -> new StoreAccessException(store, key, "scripted fault " + fault, null);
            case REFUSED -> new ObjectRefusedException(store, key, "scripted fault " + fault, null);
        };
    }
}
