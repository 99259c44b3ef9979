package io.stepvault.wire;

import io.stepvault.capture.EventTrust;
import io.stepvault.capture.Rejection;
import io.stepvault.capture.Rejection.Reason;
import io.stepvault.event.BatchStored;
import io.stepvault.event.StepCapture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;

/**
 * Avro's single-object encoding (Avro 1.12 specification, "Single-object encoding"): {@code C3 01}, the writer schema's
 * CRC-64-AVRO fingerprint in little-endian order, and the event in Avro binary. Every version of the schema that was
 * ever shipped can be read.
 *
 * <p>Immutable; safe for any thread.
 *
 * @param <T> the event
 */
public final class SingleObjectCodec<T extends SpecificRecord> {
    static final byte MARKER = (byte) 0xC3;
    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 10;

    private final DatumWriter<T> writer;
    private final byte[] header;
    private final Map<Long, DatumReader<T>> readers = new HashMap<>();

    SingleObjectCodec(Schema current, List<Schema> shipped) {
        EventTrust.establish();
        this.writer = new StrictTextWriter<>(current);
        this.header = header(current);
        for (Schema written : shipped) {
            readers.put(SchemaNormalization.parsingFingerprint64(written), new SpecificDatumReader<>(written, current));
        }
    }

    /** The codec of the topic of step captures. */
    public static SingleObjectCodec<StepCapture> stepCaptures() {
        return new SingleObjectCodec<>(StepCapture.getClassSchema(), FrozenSchemas.stepCapture());
    }

    /** The codec of the topic of completions. */
    public static SingleObjectCodec<BatchStored> completions() {
        return new SingleObjectCodec<>(BatchStored.getClassSchema(), FrozenSchemas.batchStored());
    }

    /** Whether what remains in a buffer begins as this encoding does. */
    public static boolean isSingleObject(ByteBuffer value) {
        return value.hasRemaining() && value.get(value.position()) == MARKER;
    }

    /**
     * Encodes an event into an array of exactly its size. The artifacts' bytes are copied once.
     *
     * @throws IllegalArgumentException if a required field is missing, a time is beyond what microseconds can say, a
     *     text is not valid Unicode (holds an unpaired surrogate), or the whole exceeds 2 GiB
     */
    public byte[] encode(T event) {
        return EventBytes.write(header, writer, event);
    }

    /**
     * Decodes an event. Its artifacts share the given array, since copying would cost a capture's size once more: don't
     * change the array afterwards. It stays in memory for as long as one of them does.
     *
     * @throws UndecodableException if the bytes are not one whole event and nothing else
     */
    public T decode(byte[] bytes) throws UndecodableException {
        return decode(ByteBuffer.wrap(bytes));
    }

    /**
     * Decodes the event that remains in a buffer, and leaves the buffer as it is.
     *
     * @param value has an array, which the event's artifacts share as in {@link #decode(byte[])}
     * @throws UndecodableException if the bytes are not one whole event and nothing else
     */
    public T decode(ByteBuffer value) throws UndecodableException {
        int start = value.position();
        if (value.remaining() < HEADER_BYTES || value.get(start) != MARKER || value.get(start + 1) != VERSION) {
            throw new UndecodableException(new Rejection(
                    Reason.UNDECODABLE, "the header of Avro's single-object encoding is missing or broken"));
        }
        long fingerprint = value.duplicate().order(ByteOrder.LITTLE_ENDIAN).getLong(start + 2);
        DatumReader<T> reader = readers.get(fingerprint);
        if (reader == null) {
            throw new UndecodableException(new Rejection(
                    Reason.UNKNOWN_SCHEMA,
                    String.format(
                            "no shipped schema has the fingerprint %016x; a newer version may know it", fingerprint)));
        }
        return EventBytes.read(value, HEADER_BYTES, reader);
    }

    private static byte[] header(Schema schema) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MARKER)
                .put(VERSION)
                .putLong(SchemaNormalization.parsingFingerprint64(schema))
                .array();
    }
}
