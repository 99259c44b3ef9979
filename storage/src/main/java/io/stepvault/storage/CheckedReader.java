package io.stepvault.storage;

import io.stepvault.capture.ArtifactInfo;
import io.stepvault.storage.object.ByteRange;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.storage.retry.BlockingRetry;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads objects, again when the store fails for the moment, and compares them with what is known. Safe for any thread. */
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
                byte[] bytes = readWhole(objects.get(key), key, MAX_COMMIT_RECORD);
                if (bytes.length == MAX_COMMIT_RECORD) {
                    throw new ObjectCorruptException(store(), key, "this is no commit record: it is too large", null);
                }
                return bytes;
            }));
        } catch (ObjectNotFoundException e) {
            return Optional.empty();
        }
    }

    /** An artifact as a stream that fails at its end if it is not the one expected. */
    InputStream open(String key, ArtifactInfo expected) {
        return retry.call(() -> checked(key, expected));
    }

    /**
     * Some bytes of an artifact, cut at its end.
     *
     * @throws IllegalArgumentException if the range begins past the end
     */
    InputStream open(String key, ArtifactInfo expected, ByteRange range) {
        ByteRange bytes = range.within(expected.size());
        return retry.call(() -> {
            try {
                return new RangeStream(objects.get(key, Optional.of(bytes)), bytes.length(), store(), key);
            } catch (IllegalArgumentException e) {
                throw new ObjectCorruptException(
                        store(), key, "the object is shorter than its commit record says; replay the capture", e);
            }
        });
    }

    /** An artifact whole. */
    byte[] read(String key, ArtifactInfo expected) {
        if (expected.size() > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("an artifact of " + expected.size() + " bytes must be read as a stream");
        }
        // One byte more than expected, so that the stream sees its end.
        return retry.call(() -> readWhole(checked(key, expected), key, (int) expected.size() + 1));
    }

    private InputStream checked(String key, ArtifactInfo expected) {
        return new ArtifactStream(objects.get(key), expected, store(), key);
    }

    private byte[] readWhole(InputStream object, String key, int max) {
        try (object) {
            return object.readNBytes(max);
        } catch (IOException e) {
            if (e.getCause() instanceof StoreException classified) {
                throw classified;
            }
            throw new TransientStoreException(store(), key, "reading broke off; try again", e);
        }
    }
}
