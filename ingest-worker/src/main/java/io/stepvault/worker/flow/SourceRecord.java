package io.stepvault.worker.flow;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record as its producer sent it, kept so that it can be passed on unchanged: to the disk queue, or to the dead-letter
 * topic. A capture that came in chunks is one such record, with the chunks' bytes put together again and without the
 * chunks' headers.
 *
 * <p>It shares its arrays with whoever made it, since copying would cost a capture's size; nobody changes them. Its value
 * may lie in a slab instead, until it is given back.
 */
public final class SourceRecord {
    private static final long BYTES_PER_HEADER = 100;

    private final byte @Nullable [] key;
    private final byte @Nullable [] value;
    private final SlabPool.@Nullable Slice slice;
    private final List<Header> headers;
    private final long timestamp;
    private final long bytes;

    /**
     * A record.
     *
     * @param timestamp in milliseconds since 1970, or -1 if the record had none
     */
    public SourceRecord(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers, long timestamp) {
        this.key = key;
        this.value = value;
        this.slice = null;
        this.headers = List.copyOf(headers);
        this.timestamp = timestamp;
        long held = (long) size() + (key == null ? 0 : key.length);
        for (Header header : headers) {
            byte[] headerValue = header.value();
            held += BYTES_PER_HEADER + header.key().length();
            held += headerValue == null ? 0 : headerValue.length;
        }
        this.bytes = held;
    }

    private SourceRecord(SourceRecord record, SlabPool.Slice slice) {
        this.key = record.key;
        this.value = null;
        this.slice = slice;
        this.headers = record.headers;
        this.timestamp = record.timestamp;
        this.bytes = record.bytes;
    }

    /** The same record with its value in a slab, if there is room in one; else this. */
    public SourceRecord in(SlabPool slabs) {
        SlabPool.Slice copy = value == null ? null : slabs.copy(value);
        return copy == null ? this : new SourceRecord(this, copy);
    }

    /** Lets the memory of its value be used again, if it lies in a slab: nobody reads it any more, nor parts of it. */
    public void giveBack() {
        if (slice != null) {
            slice.giveBack();
        }
    }

    /** Its key, or null if it has none. */
    public byte @Nullable [] key() {
        return key;
    }

    /** Its value, or null if it has none; a copy, if it lies in a slab. */
    public byte @Nullable [] value() {
        ByteBuffer buffer = slice == null ? null : valueBuffer();
        if (buffer == null) {
            return value;
        }
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(copy);
        return copy;
    }

    /** Its value where it lies, or null if it has none. */
    public @Nullable ByteBuffer valueBuffer() {
        if (slice == null) {
            return value == null ? null : ByteBuffer.wrap(value);
        }
        if (slice.isGivenBack()) {
            throw new IllegalStateException("the record's value was given back; it may be another's by now");
        }
        return ByteBuffer.wrap(slice.array(), slice.offset(), slice.length());
    }

    /** Its headers, in order. */
    public List<Header> headers() {
        return headers;
    }

    /** Its timestamp in milliseconds since 1970, or -1 if it has none. */
    public long timestamp() {
        return timestamp;
    }

    /** The bytes of its value; 0 if it has none. */
    public int size() {
        if (slice != null) {
            return slice.length();
        }
        return value == null ? 0 : value.length;
    }

    /** What it holds in memory, in bytes: its value, its key and its headers, which may be as large. */
    public long bytes() {
        return bytes;
    }

    /** Names no payload. */
    @Override
    public String toString() {
        return "SourceRecord[" + size() + " bytes]";
    }
}
