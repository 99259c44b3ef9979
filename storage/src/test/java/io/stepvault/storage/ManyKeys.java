package io.stepvault.storage;

import io.stepvault.storage.object.ByteRange;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectPage;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreAccessException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/**
 * A store of any number of keys, none of which is kept in memory: they are made up as they are listed. Counts the
 * requests, and how many of the pages that it gave are still in memory. For one thread.
 */
final class ManyKeys implements ObjectStore {
    private final int count;
    private final IntFunction<String> keys;
    private final List<String> listed = new ArrayList<>();
    private final List<WeakReference<Object>> pages = new ArrayList<>();
    private int mostPages;

    /**
     * A store of {@code count} keys.
     *
     * @param keys gives the key at a place, in the order of keys
     */
    ManyKeys(int count, IntFunction<String> keys) {
        this.count = count;
        this.keys = keys;
    }

    /** How many requests there were for prefixes that begin like this. */
    long requests(String prefix) {
        return listed.stream().filter(each -> each.startsWith(prefix)).count();
    }

    /** The most pages that were in memory when another one was asked for, looked at now and then. */
    int mostPages() {
        return mostPages;
    }

    @Override
    public ObjectPage list(ListRequest request) {
        if (listed.size() % 250 == 249) {
            System.gc();
            mostPages = Math.max(mostPages, (int)
                    pages.stream().filter(page -> page.get() != null).count());
        }
        listed.add(request.prefix());
        List<ObjectInfo> objects = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        int place = Math.max(
                firstFrom(request.prefix()), firstAfter(request.startAfter().orElse("")));
        while (place < count && objects.size() + prefixes.size() < request.max()) {
            String key = keys.apply(place);
            if (!key.startsWith(request.prefix())) {
                break;
            }
            int slash =
                    request.byDirectory() ? key.indexOf('/', request.prefix().length()) : -1;
            if (slash < 0) {
                objects.add(new ObjectInfo(key, 1, Instant.EPOCH));
                place++;
            } else {
                prefixes.add(key.substring(0, slash + 1));
                place = firstAfter(key.substring(0, slash + 1) + "~");
            }
        }
        boolean more = place < count && keys.apply(place).startsWith(request.prefix());
        ObjectPage page = new ObjectPage(objects, prefixes, more);
        pages.add(new WeakReference<>(page));
        return page;
    }

    private int firstFrom(String key) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (keys.apply(middle).compareTo(key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int firstAfter(String key) {
        return firstFrom(key + "\0");
    }

    @Override
    public CompletableFuture<Void> put(PutRequest request) {
        return CompletableFuture.failedFuture(new StoreAccessException("many:", request.key(), "read only", null));
    }

    @Override
    public InputStream get(String key, Optional<ByteRange> range) {
        throw new ObjectNotFoundException("many:", key, null);
    }

    @Override
    public Optional<ObjectInfo> head(String key) {
        return Optional.empty();
    }

    @Override
    public void delete(String key) {
        throw new StoreAccessException("many:", key, "read only", null);
    }

    @Override
    public URI uriOf(String key) {
        return URI.create("many:/" + key);
    }

    @Override
    public URI location() {
        return URI.create("many:/");
    }

    @Override
    public void close() {}
}
