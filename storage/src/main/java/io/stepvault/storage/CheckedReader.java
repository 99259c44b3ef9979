package io.stepvault.storage;

import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.storage.retry.BlockingRetry;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads commit records, again when the store fails for the moment. Safe for any thread. */
final class CheckedReader {
    // Far above the largest capture, so that a forged object does not eat the heap.
    private static final int MAX_COMMIT_RECORD = 256 << 20;

    private final ObjectStore objects;
    private final BlockingRetry retry;

    CheckedReader(ObjectStore objects, BlockingRetry retry) {
        this.objects = objects;
        this.retry = retry;
    }

    String store() {
        return objects.location().toString();
    }

    /** An object that proves itself by what is in it; empty if there is none. */
    Optional<byte[]> readCommitRecord(String key) {
        try {
            return Optional.of(retry.call(() -> {
                byte[] bytes = readWhole(objects.get(key), store(), key, MAX_COMMIT_RECORD);
                if (bytes.length == MAX_COMMIT_RECORD) {
                    throw new ObjectCorruptException(store(), key, "this is no commit record: it is too large", null);
                }
                return bytes;
            }));
        } catch (ObjectNotFoundException e) {
            return Optional.empty();
        }
    }

    /** Up to {@code max} bytes of {@code object}, which is closed. */
    static byte[] readWhole(InputStream object, String store, String key, int max) {
        try (object) {
            return object.readNBytes(max);
        } catch (IOException e) {
            if (e.getCause() instanceof StoreException classified) {
                throw classified;
            }
            throw new TransientStoreException(store, key, "reading broke off; try again", e);
        }
    }
}
