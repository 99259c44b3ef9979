package io.stepvault.storage;

import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/** Artifacts in gzip's format (RFC 1952), and which of them are worth it. */
final class Gzip {
    private static final Pattern COMPRESSIBLE =
            Pattern.compile("text/[^;]+|application/(?:(?:x-)?javascript|ecmascript|json|x-ndjson|har|xml)"
                    + "|[^;/]+/[^;]+\\+(?:json|xml)");
    private static final int LEAST_BYTES = 1_025;
    private static final int PIECE_BYTES = 64 << 10;
    private static final int READ_BYTES = 16 << 10;

    private Gzip() {}

    /** Whether it is worth trying. */
    static boolean mayPay(String contentType, long size) {
        int parameters = contentType.indexOf(';');
        String mediaType = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return size >= LEAST_BYTES
                && COMPRESSIBLE
                        .matcher(mediaType.strip().toLowerCase(Locale.ROOT))
                        .matches();
    }

    /**
     * The same bytes for the same content, as long as it is the same zlib: the header has neither time nor name. Empty if
     * less than a quarter is gained: that is not worth the heap that both forms take while they are stored.
     */
    static Optional<ByteBuffer> compressed(ByteBuffer content) {
        int most = (int) (content.remaining() * 3L / 4);
        ByteBuffer left = content.duplicate();
        byte[] piece = new byte[Math.min(content.remaining(), PIECE_BYTES)];
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(most / 3);
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed, PIECE_BYTES)) {
            while (left.hasRemaining() && compressed.size() <= most) {
                int length = Math.min(piece.length, left.remaining());
                left.get(piece, 0, length);
                gzip.write(piece, 0, length);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing into memory cannot fail", e);
        }
        return compressed.size() <= most ? Optional.of(ByteBuffer.wrap(compressed.toByteArray())) : Optional.empty();
    }

    /**
     * What was compressed. What is not in this format at all is given as it is: some stores decompress by themselves what
     * is marked as gzip. Little is decompressed ahead of who reads, so whoever counts what he reads is safe from an object
     * that is larger than it should be.
     *
     * @param object is closed with the stream, or if this fails
     * @throws StoreException if it cannot be read or is damaged
     */
    static InputStream decompressed(InputStream object, String store, String key) {
        try {
            PushbackInputStream bytes = new PushbackInputStream(object, 2);
            byte[] begin = bytes.readNBytes(2);
            bytes.unread(begin);
            boolean marked = begin.length == 2 && begin[0] == 0x1F && begin[1] == (byte) 0x8B;
            return marked ? new Decompressed(new GZIPInputStream(bytes, READ_BYTES), store, key) : bytes;
        } catch (IOException e) {
            try (object) {
                if (isDamage(e)) {
                    throw corrupt(store, key, e);
                }
                throw new TransientStoreException(store, key, "reading broke off; try again", e);
            } catch (IOException closing) {
                throw new TransientStoreException(store, key, "reading broke off; try again", e);
            }
        }
    }

    private static boolean isDamage(IOException e) {
        return e instanceof ZipException || e instanceof EOFException;
    }

    private static ObjectCorruptException corrupt(String store, String key, IOException cause) {
        return new ObjectCorruptException(
                store, key, "the object's compressed form is damaged; replay the capture", cause);
    }

    /** Tells damage from a connection that breaks off. */
    private static final class Decompressed extends FilterInputStream {
        private final String store;
        private final String key;

        Decompressed(InputStream gzip, String store, String key) {
            super(gzip);
            this.store = store;
            this.key = key;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return in.read(buffer, offset, length);
            } catch (IOException e) {
                if (isDamage(e)) {
                    ObjectCorruptException corrupt = corrupt(store, key, e);
                    throw new IOException(corrupt.getMessage(), corrupt);
                }
                throw e;
            }
        }

        @Override
        public long skip(long count) throws IOException {
            byte[] passed = new byte[(int) Math.min(READ_BYTES, Math.max(0, count))];
            int read = passed.length == 0 ? 0 : read(passed, 0, passed.length);
            return Math.max(0, read);
        }
    }
}
