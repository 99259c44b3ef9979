package io.stepvault.wire;

import io.stepvault.capture.EventTrust;
import io.stepvault.capture.Rejection;
import io.stepvault.capture.Rejection.Reason;
import io.stepvault.event.StepCapture;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.specific.SpecificDatumReader;

/**
 * Step captures in the Confluent wire format (Confluent's documentation, "Wire format"): {@code 00}, the writer schema's
 * id in a registry as four bytes in big-endian order, and the event in Avro binary.
 *
 * <p>A writer's schema may have any fields beyond ours, and may lack those that have a default. Safe for any thread.
 */
public final class ConfluentFormat implements CaptureFormat {
    static final byte MARKER = 0;
    private static final int HEADER_BYTES = 5;

    /** Far more than a topic has; beyond it readers are made anew. */
    private static final int MAX_READERS = 200;

    private static final int MAX_DETAIL = 200;
    private static final Schema OURS = StepCapture.getClassSchema();
    private static final String CAPTURED_AT = "captured_at";

    private final WriterSchemas schemas;
    private final Map<Integer, Reader> readers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Reader> eldest) {
            return size() > MAX_READERS;
        }
    };

    private record Reader(Schema writer, DatumReader<StepCapture> datums) {}

    /** The format, with schemas from {@code schemas}. */
    public ConfluentFormat(WriterSchemas schemas) {
        EventTrust.establish();
        this.schemas = schemas;
    }

    @Override
    public DecodeResult decode(ByteBuffer value) {
        if (value.remaining() < HEADER_BYTES) {
            return undecodable(Reason.UNDECODABLE, "the record breaks off within the Confluent wire format's prefix");
        }
        int id = value.getInt(value.position() + 1);
        WriterSchemas.Answer answer = schemas.find(id);
        if (answer instanceof WriterSchemas.Answer.NotYet notYet) {
            return new DecodeResult.NotYet(id, notYet.why());
        }
        if (answer instanceof WriterSchemas.Answer.Never never) {
            return new DecodeResult.Undecodable(never.rejection());
        }
        return decode(value, id, ((WriterSchemas.Answer.Known) answer).schema());
    }

    private DecodeResult decode(ByteBuffer value, int id, Schema writer) {
        Optional<String> mismatch = mismatch(writer);
        if (mismatch.isPresent()) {
            return undecodable(Reason.UNDECODABLE, "schema " + id + " of the registry " + mismatch.get());
        }
        try {
            return new DecodeResult.Decoded(EventBytes.read(value, HEADER_BYTES, reader(id, writer)));
        } catch (UndecodableException e) {
            Rejection rejection = e.rejection();
            return new DecodeResult.Undecodable(new Rejection(
                    rejection.reason(), rejection.detail() + "; its schema is " + id + incompatibility(writer)));
        }
    }

    /**
     * Why records of a schema cannot be read as step captures, or not all of them; empty if they can.
     *
     * @return the rest of a sentence that begins with the schema
     */
    public static Optional<String> whyUnreadable(Schema writer) {
        return mismatch(writer)
                .or(() -> Optional.of(incompatibility(writer))
                        .filter(text -> !text.isEmpty())
                        .map(text -> text.substring(", which ".length())));
    }

    /** Why records of a schema would be misread rather than refused, if they would. */
    private static Optional<String> mismatch(Schema writer) {
        if (writer.getType() != Schema.Type.RECORD || !writer.getFullName().equals(OURS.getFullName())) {
            String name = writer.getType() == Schema.Type.RECORD ? writer.getFullName() : "a " + writer.getType();
            return Optional.of("is " + shortened(name) + "; expected " + OURS.getFullName());
        }
        Schema.Field capturedAt = writer.getField(CAPTURED_AT);
        String unit = capturedAt == null ? null : capturedAt.schema().getProp("logicalType");
        String expected = OURS.getField(CAPTURED_AT).schema().getProp("logicalType");
        return unit == null || unit.equals(expected)
                ? Optional.empty()
                : Optional.of("has " + CAPTURED_AT + " as " + shortened(unit) + "; expected " + expected);
    }

    private DatumReader<StepCapture> reader(int id, Schema writer) {
        synchronized (readers) {
            Reader reader = readers.get(id);
            // The same id may be another schema: a registry was set up anew.
            if (reader == null || !reader.writer().equals(writer)) {
                reader = new Reader(writer, new SpecificDatumReader<>(writer, OURS));
                readers.put(id, reader);
            }
            return reader.datums();
        }
    }

    private static String incompatibility(Schema writer) {
        SchemaCompatibility.SchemaCompatibilityResult result =
                SchemaCompatibility.checkReaderWriterCompatibility(OURS, writer).getResult();
        return result.getIncompatibilities().stream()
                .findFirst()
                .map(first -> ", which cannot be read as a step capture: " + first.getType() + " at "
                        + shortened(first.getLocation()))
                .orElse("");
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= MAX_DETAIL ? line : line.substring(0, MAX_DETAIL) + "...";
    }

    private static DecodeResult undecodable(Reason reason, String detail) {
        return new DecodeResult.Undecodable(new Rejection(reason, detail));
    }

    /**
     * Writes step captures in this format. Immutable; safe for any thread.
     *
     * <p>They are written with the schema that {@link ContractSchemas#stepCapture} gives: that is the one to register.
     */
    public static final class Encoder {
        private final DatumWriter<StepCapture> writer;

        /** An encoder. */
        public Encoder() {
            EventTrust.establish();
            this.writer = new StrictTextWriter<>(OURS);
        }

        /**
         * Encodes a capture.
         *
         * @param id of the schema in the registry
         * @throws IllegalArgumentException as {@link SingleObjectCodec#encode}
         */
        public byte[] encode(int id, StepCapture capture) {
            byte[] header =
                    ByteBuffer.allocate(HEADER_BYTES).put(MARKER).putInt(id).array();
            return EventBytes.write(header, writer, capture);
        }
    }
}
