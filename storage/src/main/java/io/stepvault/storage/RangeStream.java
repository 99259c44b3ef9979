package io.stepvault.storage;

import io.stepvault.capture.ArtifactInfo;
import io.stepvault.storage.object.ByteRange;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Some bytes of an artifact. Reading fails if the object ends before they do; what comes after them is not given. */
final class RangeStream extends FilterInputStream {
    private final String store;
    private final String key;
    private long left;

    /** The next {@code length} bytes of {@code in}. */
    RangeStream(InputStream in, long length, String store, String key) {
        super(in);
        this.left = length;
        this.store = store;
        this.key = key;
    }

    /** The artifact's bytes of a step that can only be read from the first one on. */
    static InputStream after(StoredStep step, String artifactName, ByteRange range) {
        InputStream whole = step.open(artifactName);
        try {
            ArtifactInfo info = step.record().artifacts().get(artifactName);
            ByteRange bytes = info == null ? range : range.within(info.size());
            return after(whole, bytes, String.valueOf(step.artifactUris().get(artifactName)), "");
        } catch (RuntimeException e) {
            close(whole, e);
            throw e;
        }
    }

    /**
     * Reads up to the range.
     *
     * @param whole is closed with the stream, or if this fails
     * @throws StoreException if the bytes before the range cannot be read
     */
    static InputStream after(InputStream whole, ByteRange range, String store, String key) {
        try {
            whole.skipNBytes(range.offset());
            return new RangeStream(whole, range.length(), store, key);
        } catch (EOFException e) {
            ObjectCorruptException corrupt = tooShort(store, key);
            close(whole, corrupt);
            throw corrupt;
        } catch (IOException e) {
            close(whole, e);
            if (e.getCause() instanceof StoreException classified) {
                throw classified;
            }
            throw new TransientStoreException(store, key, "reading broke off; try again", e);
        }
    }

    private static ObjectCorruptException tooShort(String store, String key) {
        return new ObjectCorruptException(
                store, key, "the object is shorter than its commit record says; replay the capture", null);
    }

    private static void close(InputStream stream, Exception cause) {
        try {
            stream.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (left == 0 && length > 0) {
            return -1;
        }
        int count = in.read(buffer, offset, (int) Math.min(length, left));
        if (count < 0) {
            ObjectCorruptException corrupt = tooShort(store, key);
            throw new IOException(corrupt.getMessage(), corrupt);
        }
        left -= count;
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = in.skip(Math.min(count, left));
        left -= skipped;
        return skipped;
    }

    @Override
    public int available() throws IOException {
        return (int) Math.min(in.available(), left);
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
