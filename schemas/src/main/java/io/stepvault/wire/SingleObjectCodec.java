package io.stepvault.wire;

import io.stepvault.capture.EventTrust;
import io.stepvault.capture.Rejection;
import io.stepvault.capture.Rejection.Reason;
import io.stepvault.event.BatchStored;
import io.stepvault.event.StepCapture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.EncoderFactory;
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

    /**
     * Encodes an event into an array of exactly its size. The artifacts' bytes are copied once.
     *
     * @throws IllegalArgumentException if a required field is missing, a time is beyond what microseconds can say, a
     *     text is not valid Unicode (holds an unpaired surrogate), or the whole exceeds 2 GiB
     */
    public byte[] encode(T event) {
        ByteCounter counter = new ByteCounter();
        write(event, counter);
        // Measuring first is cheap (large byte fields are counted, not copied) and spares growing and trimming.
        ExactArray array = new ExactArray(HEADER_BYTES + counter.count);
        array.write(header, 0, HEADER_BYTES);
        write(event, array);
        return array.filled();
    }

    /**
     * Decodes an event. Its artifacts share the given array, since copying would cost a capture's size once more: don't
     * change the array afterwards. It stays in memory for as long as one of them does.
     *
     * @throws UndecodableException if the bytes are not one whole event and nothing else
     */
    public T decode(byte[] bytes) throws UndecodableException {
        if (bytes.length < HEADER_BYTES || bytes[0] != MARKER || bytes[1] != VERSION) {
            throw new UndecodableException(new Rejection(
                    Reason.UNDECODABLE, "the header of Avro's single-object encoding is missing or broken"));
        }
        long fingerprint = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
        DatumReader<T> reader = readers.get(fingerprint);
        if (reader == null) {
            throw new UndecodableException(new Rejection(
                    Reason.UNKNOWN_SCHEMA,
                    String.format(
                            "no shipped schema has the fingerprint %016x; a newer version may know it", fingerprint)));
        }
        EventDecoder in = new EventDecoder(bytes, HEADER_BYTES);
        boolean atEnd;
        T event;
        try {
            event = read(reader, in);
            // Avro itself accepts what follows in silence.
            atEnd = in.isAtEnd();
        } catch (EventDecoder.TooManyEntriesException e) {
            throw new UndecodableException(
                    new Rejection(
                            Reason.UNDECODABLE,
                            "the maps announce more than the " + EventDecoder.MAX_MAP_ENTRIES
                                    + " labels and attachments that an event may have"),
                    e);
        } catch (IOException | RuntimeException e) {
            // Avro reports malformed input through half a dozen unchecked exceptions besides IOException.
            throw new UndecodableException(
                    new Rejection(
                            Reason.UNDECODABLE,
                            "the bytes break the schema or end early ("
                                    + e.getClass().getSimpleName() + ")"),
                    e);
        }
        if (!atEnd) {
            throw new UndecodableException(new Rejection(Reason.TRAILING_BYTES, "bytes follow the end of the event"));
        }
        return event;
    }

    @SuppressWarnings("NullAway") // Avro makes the record itself when it is given none to reuse
    private T read(DatumReader<T> reader, Decoder in) throws IOException {
        return reader.read(null, in);
    }

    private void write(T event, OutputStream out) {
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        try {
            writer.write(event, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        } catch (RuntimeException e) {
            // Avro has no one exception for this, and names the field in its message.
            throw new IllegalArgumentException(
                    "the event cannot be encoded; a field is missing, of the wrong type, out of range or not Unicode",
                    e);
        }
    }

    private static byte[] header(Schema schema) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MARKER)
                .put(VERSION)
                .putLong(SchemaNormalization.parsingFingerprint64(schema))
                .array();
    }

    private static final class ByteCounter extends OutputStream {
        private int count;

        @Override
        public void write(int b) {
            count = Math.addExact(count, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            count = Math.addExact(count, length);
        }
    }

    private static final class ExactArray extends ByteArrayOutputStream {
        ExactArray(int size) {
            super(size);
        }

        byte[] filled() {
            return buf;
        }
    }
}
