package io.stepvault.wire;

import io.stepvault.capture.Rejection;
import io.stepvault.capture.Rejection.Reason;
import io.stepvault.event.StepCapture;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes step captures of every wire format, told apart by the first byte.
 *
 * <p>Immutable; safe for any thread.
 */
public final class CaptureDecoder {
    /** Where newer Confluent serializers may put the schema's GUID, in place of the prefix. */
    private static final String SCHEMA_ID_HEADER = "__value_schema_id";

    private final CaptureFormat singleObject;
    private final CaptureFormat confluent;

    /**
     * A decoder of both formats.
     *
     * @param confluent reads the Confluent wire format; see {@link ConfluentFormat}
     */
    public CaptureDecoder(CaptureFormat confluent) {
        SingleObjectCodec<StepCapture> codec = SingleObjectCodec.stepCaptures();
        this.singleObject = value -> {
            try {
                return new DecodeResult.Decoded(codec.decode(value));
            } catch (UndecodableException e) {
                return new DecodeResult.Undecodable(e.rejection());
            }
        };
        this.confluent = confluent;
    }

    /** A decoder that knows no schema registry: records in the Confluent format are undecodable. */
    public static CaptureDecoder withoutRegistry() {
        return new CaptureDecoder(WriterSchemas.none());
    }

    /** A decoder of both formats, with the registry's schemas from {@code schemas}. */
    public CaptureDecoder(WriterSchemas schemas) {
        this(new ConfluentFormat(schemas));
    }

    /**
     * Decodes a record's value, of which the headers matter too. Throws nothing.
     *
     * @param value has an array, which the capture's artifacts share: don't change it while they are used
     */
    public DecodeResult decode(@Nullable ByteBuffer value, ChunkFormat.Lookup headers) {
        if (value != null && headers.value(SCHEMA_ID_HEADER) != null) {
            return undecodable(
                    Reason.UNKNOWN_SCHEMA,
                    "the schema's id is in the header " + SCHEMA_ID_HEADER
                            + ", which is not supported; have the producer"
                            + " write the id as a prefix (value.schema.id.serializer="
                            + "io.confluent.kafka.serializers.schema.id.PrefixSchemaIdSerializer)");
        }
        return decode(value);
    }

    /** Decodes a record's value. Throws nothing. */
    public DecodeResult decode(byte @Nullable [] value) {
        return decode(value == null ? null : ByteBuffer.wrap(value));
    }

    private DecodeResult decode(@Nullable ByteBuffer value) {
        if (value == null) {
            return undecodable(Reason.NULL_VALUE, "the record has no value");
        }
        if (!value.hasRemaining()) {
            return undecodable(Reason.UNDECODABLE, "the record's value is empty");
        }
        byte first = value.get(value.position());
        return switch (first) {
            case SingleObjectCodec.MARKER -> singleObject.decode(value);
            case ConfluentFormat.MARKER -> confluent.decode(value);
            default ->
                undecodable(
                        Reason.UNDECODABLE,
                        String.format(
                                "the first byte is %02X; expected C3 (Avro single-object) or 00 (Confluent)", first));
        };
    }

    private static DecodeResult undecodable(Reason reason, String detail) {
        return new DecodeResult.Undecodable(new Rejection(reason, detail));
    }
}
