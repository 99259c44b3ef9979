package io.stepvault.wire;

import io.stepvault.capture.Rejection;
import io.stepvault.capture.Rejection.Reason;
import io.stepvault.event.StepCapture;
import org.jspecify.annotations.Nullable;

/**
 * Decodes step captures of every wire format, told apart by the first byte.
 *
 * <p>Immutable; safe for any thread.
 */
public final class CaptureDecoder {
    private static final byte CONFLUENT_MARKER = 0;

    private final CaptureFormat singleObject;
    private final CaptureFormat confluent;

    /**
     * A decoder of both formats.
     *
     * @param confluent reads the Confluent wire format; see {@link #withoutRegistry()}
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
        return new CaptureDecoder(value -> undecodable(
                Reason.UNKNOWN_SCHEMA,
                "the record has the Confluent wire format's prefix, and no schema registry is configured"));
    }

    /** Decodes a record's value. Throws nothing. */
    public DecodeResult decode(byte @Nullable [] value) {
        if (value == null) {
            return undecodable(Reason.NULL_VALUE, "the record has no value");
        }
        if (value.length == 0) {
            return undecodable(Reason.UNDECODABLE, "the record's value is empty");
        }
        return switch (value[0]) {
            case SingleObjectCodec.MARKER -> singleObject.decode(value);
            case CONFLUENT_MARKER -> confluent.decode(value);
            default ->
                undecodable(
                        Reason.UNDECODABLE,
                        String.format(
                                "the first byte is %02X; expected C3 (Avro single-object) or 00 (Confluent)",
                                value[0]));
        };
    }

    private static DecodeResult undecodable(Reason reason, String detail) {
        return new DecodeResult.Undecodable(new Rejection(reason, detail));
    }
}
