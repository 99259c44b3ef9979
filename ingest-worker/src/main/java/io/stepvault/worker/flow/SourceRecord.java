package io.stepvault.worker.flow;

import java.util.List;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record as its producer sent it, kept so that it can be passed on unchanged: to the disk queue, or to the dead-letter
 * topic. A capture that came in chunks is one such record, with the chunks' bytes put together again and without the
 * chunks' headers.
 *
 * <p>It shares its arrays with whoever made it, since copying would cost a capture's size; nobody changes them.
 */
public final class SourceRecord {
    private static final long BYTES_PER_HEADER = 100;

    private final byte @Nullable [] key;
    private final byte @Nullable [] value;
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

    /** Its key, or null if it has none. */
    public byte @Nullable [] key() {
        return key;
    }

    /** Its value, or null if it has none. */
    public byte @Nullable [] value() {
        return value;
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
