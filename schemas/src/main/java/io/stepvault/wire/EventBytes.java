package io.stepvault.wire;

import io.stepvault.capture.Rejection;
import io.stepvault.capture.Rejection.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;

/** An event in Avro binary behind a header: what the wire formats have in common. Stateless; safe for any thread. */
final class EventBytes {
    private EventBytes() {}

    /**
     * Encodes an event into an array of exactly its size. The artifacts' bytes are copied once.
     *
     * @throws IllegalArgumentException as {@link SingleObjectCodec#encode}
     */
    static <T> byte[] write(byte[] header, DatumWriter<T> writer, T event) {
        ByteCounter counter = new ByteCounter();
        write(writer, event, counter);
        // Measuring first is cheap (large byte fields are counted, not copied) and spares growing and trimming.
        ExactArray array = new ExactArray(Math.addExact(header.length, counter.count));
        array.write(header, 0, header.length);
        write(writer, event, array);
        return array.filled();
    }

    private static <T> void write(DatumWriter<T> writer, T event, OutputStream out) {
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

    /**
     * Decodes the event that follows a header. Its artifacts share the given array.
     *
     * @throws UndecodableException if the bytes are not one whole event and nothing else
     */
    static <T> T read(ByteBuffer value, int headerBytes, DatumReader<T> reader) throws UndecodableException {
        EventDecoder in = new EventDecoder(value.duplicate().position(value.position() + headerBytes));
        boolean atEnd;
        T event;
        try {
            event = read(reader, in);
            // Avro itself accepts what follows in silence.
            atEnd = in.isAtEnd();
        } catch (EventDecoder.TooManyEntriesException e) {
            throw new UndecodableException(new Rejection(Reason.UNDECODABLE, String.valueOf(e.getMessage())), e);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // Avro reports malformed input through half a dozen unchecked exceptions besides IOException; and a
            // registered schema may nest without end.
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
    private static <T> T read(DatumReader<T> reader, EventDecoder in) throws IOException {
        return reader.read(null, in);
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
