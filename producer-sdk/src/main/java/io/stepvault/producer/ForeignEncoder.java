package io.stepvault.producer;

import io.stepvault.event.StepCapture;
import java.io.IOException;
import java.util.List;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;

/**
 * A serializer of somebody else's. What it writes must be one of the formats that workers read. For the sending thread.
 */
final class ForeignEncoder implements CaptureEncoder {
    /** What Confluent's client throws for any answer but a good one. Its class is not on our class path. */
    private static final String REGISTRY_ANSWER = "RestClientException";

    private static final String SCHEMA_ID_HEADER = "__value_schema_id";
    private static final byte SINGLE_OBJECT = (byte) 0xC3;
    private static final byte CONFLUENT = 0;

    private final Serializer<? super StepCapture> serializer;
    private final String topic;

    ForeignEncoder(Serializer<? super StepCapture> serializer, String topic) {
        this.serializer = serializer;
        this.topic = topic;
    }

    @Override
    public Encoded encode(StepCapture capture) {
        RecordHeaders headers = new RecordHeaders();
        byte[] value;
        try {
            value = serializer.serialize(topic, headers, capture);
        } catch (RuntimeException e) {
            if (isOutage(e)) {
                return new Encoded.NotNow(name() + " fails: " + e, false);
            }
            throw e;
        }
        if (headers.lastHeader(SCHEMA_ID_HEADER) != null) {
            throw new IllegalStateException(name() + " writes the schema's id to the header " + SCHEMA_ID_HEADER
                    + ", which workers do not read; set value.schema.id.serializer to PrefixSchemaIdSerializer");
        }
        if (value == null || value.length == 0 || (value[0] != SINGLE_OBJECT && value[0] != CONFLUENT)) {
            throw new IllegalStateException(name()
                    + " writes neither the Confluent wire format nor Avro's single-object encoding; workers could not read"
                    + " it");
        }
        return new Encoded.Value(value, List.<Header>of(headers.toArray()));
    }

    private static boolean isOutage(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException
                    || cause instanceof RetriableException
                    || cause instanceof AuthenticationException
                    || cause instanceof AuthorizationException
                    || cause.getClass().getSimpleName().equals(REGISTRY_ANSWER)) {
                return true;
            }
        }
        return false;
    }

    private String name() {
        return "the serializer " + serializer.getClass().getName();
    }

    @Override
    public void close() {
        serializer.close();
    }
}
