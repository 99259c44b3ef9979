package io.stepvault.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Avro binary of a stranger's. In four things it differs from Avro's own decoder:
 *
 * <ul>
 *   <li>Text that is not UTF-8 is an error. Avro itself puts U+FFFD where the text is broken, so that the ids of a
 *       producer that writes Latin-1 would fall together, and with them its sessions.
 *   <li>Bytes are not copied: they are slices of the given array.
 *   <li>Map entries are bounded: each takes up some hundred bytes of memory, and as little as two on the topic.
 *   <li>What is skipped (fields that only the writer's schema has) may not announce more items than there are bytes: of a
 *       million items that take up none each would be gone through.
 * </ul>
 *
 * <p>For one thread and one event.
 */
final class EventDecoder extends Decoder {
    /** The most map entries (labels, attachments) that an event may have, all maps together. */
    static final int MAX_MAP_ENTRIES = 100_000;

    private static final char REPLACEMENT = '\uFFFD';

    private final byte[] bytes;
    private final int length;
    private final int end;
    private final BinaryDecoder in;
    private long mapEntries;
    private long skippedItems;

    /** A decoder of what remains in {@code buffer}, which has an array. */
    EventDecoder(ByteBuffer buffer) {
        this.bytes = buffer.array();
        this.length = buffer.remaining();
        int offset = buffer.arrayOffset() + buffer.position();
        this.end = offset + length;
        this.in = DecoderFactory.get().binaryDecoder(bytes, offset, length, null);
    }

    /** Whether all bytes have been read. */
    boolean isAtEnd() throws IOException {
        return in.isEnd();
    }

    @Override
    public String readString() throws IOException {
        return strict(in.readString(null)).toString();
    }

    @Override
    public Utf8 readString(@Nullable Utf8 old) throws IOException {
        return strict(in.readString(old));
    }

    private static Utf8 strict(Utf8 utf8) {
        String text = utf8.toString();
        if (text.indexOf(REPLACEMENT) >= 0) {
            byte[] again = text.getBytes(StandardCharsets.UTF_8);
            if (!Arrays.equals(again, 0, again.length, utf8.getBytes(), 0, utf8.getByteLength())) {
                throw new AvroRuntimeException("a text is not UTF-8");
            }
        }
        return utf8;
    }

    @Override
    public void readNull() throws IOException {
        in.readNull();
    }

    @Override
    public boolean readBoolean() throws IOException {
        return in.readBoolean();
    }

    @Override
    public int readInt() throws IOException {
        return in.readInt();
    }

    @Override
    public long readLong() throws IOException {
        return in.readLong();
    }

    @Override
    public float readFloat() throws IOException {
        return in.readFloat();
    }

    @Override
    public double readDouble() throws IOException {
        return in.readDouble();
    }

    @Override
    public void skipString() throws IOException {
        in.skipString();
    }

    @Override
    public ByteBuffer readBytes(@Nullable ByteBuffer old) throws IOException {
        long length = in.readLong();
        int left = in.remainingBytes();
        if (length < 0 || length > left) {
            throw new EOFException(length + " bytes are announced; " + left + " are left");
        }
        in.skipFixed((int) length);
        return ByteBuffer.wrap(bytes, end - left, (int) length).slice();
    }

    @Override
    public void skipBytes() throws IOException {
        in.skipBytes();
    }

    @Override
    public void readFixed(byte[] bytes, int start, int length) throws IOException {
        in.readFixed(bytes, start, length);
    }

    @Override
    public void skipFixed(int length) throws IOException {
        in.skipFixed(length);
    }

    @Override
    public int readEnum() throws IOException {
        return in.readEnum();
    }

    @Override
    public long readArrayStart() throws IOException {
        return in.readArrayStart();
    }

    @Override
    public long arrayNext() throws IOException {
        return in.arrayNext();
    }

    @Override
    public long skipArray() throws IOException {
        return skipped(in.skipArray());
    }

    @Override
    public long readMapStart() throws IOException {
        return bounded(in.readMapStart());
    }

    @Override
    public long mapNext() throws IOException {
        return bounded(in.mapNext());
    }

    @Override
    public long skipMap() throws IOException {
        return skipped(in.skipMap());
    }

    @Override
    public int readIndex() throws IOException {
        return in.readIndex();
    }

    private long bounded(long entries) {
        mapEntries += entries;
        if (entries < 0 || mapEntries < 0 || mapEntries > MAX_MAP_ENTRIES) {
            throw new TooManyEntriesException("the maps announce more than the " + MAX_MAP_ENTRIES
                    + " labels and attachments that an event may have");
        }
        return entries;
    }

    private long skipped(long items) {
        skippedItems += items;
        if (items < 0 || skippedItems < 0 || skippedItems > length) {
            throw new TooManyEntriesException("fields unknown here announce more items than there are bytes");
        }
        return items;
    }

    /** An event announces more entries than it may have. */
    static final class TooManyEntriesException extends AvroRuntimeException {
        private static final long serialVersionUID = 1L;

        TooManyEntriesException(String message) {
            super(message);
        }
    }
}
