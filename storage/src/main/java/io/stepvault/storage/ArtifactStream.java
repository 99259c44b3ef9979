package io.stepvault.storage;

import io.stepvault.capture.ArtifactInfo;
import io.stepvault.storage.object.ObjectCorruptException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** An artifact's bytes. Reading fails at the end, or past it, if they are not those of the commit record. */
final class ArtifactStream extends FilterInputStream {
    private final ArtifactInfo expected;
    private final String store;
    private final String key;
    private final MessageDigest digest;
    private long size;
    private boolean ended;

    ArtifactStream(InputStream object, ArtifactInfo expected, String store, String key) {
        super(object);
        this.expected = expected;
        this.store = store;
        this.key = key;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = in.read(buffer, offset, length);
        if (count > 0) {
            size += count;
            digest.update(buffer, offset, count);
        }
        if (size > expected.size() || (count < 0 && size < expected.size())) {
            throw differs("size");
        }
        if (count < 0 && !ended) {
            ended = true;
            if (!HexFormat.of().formatHex(digest.digest()).equals(expected.sha256())) {
                throw differs("SHA-256");
            }
        }
        return count;
    }

    /** Skips by reading, so that what is skipped counts. */
    @Override
    public long skip(long count) throws IOException {
        byte[] passed = new byte[(int) Math.min(8_192, Math.max(0, count))];
        long skipped = 0;
        while (skipped < count) {
            int read = read(passed, 0, (int) Math.min(passed.length, count - skipped));
            if (read < 0) {
                break;
            }
            skipped += read;
        }
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private IOException differs(String what) {
        ObjectCorruptException corrupt = new ObjectCorruptException(
                store, key, "the object's " + what + " differs from its commit record; replay the capture", null);
        return new IOException(corrupt.getMessage(), corrupt);
    }
}
