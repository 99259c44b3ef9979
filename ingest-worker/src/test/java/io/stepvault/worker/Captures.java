package io.stepvault.worker;

import io.stepvault.capture.Artifacts;
import io.stepvault.event.Artifact;
import io.stepvault.event.StepCapture;
import io.stepvault.wire.ConfluentFormat;
import io.stepvault.wire.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Captures and records for tests. */
public final class Captures {
    public static final Instant CAPTURED_AT = Instant.parse("2026-11-20T08:00:00Z");

    private Captures() {}

    public static StepCapture.Builder aStep(String session, String step) {
        return StepCapture.newBuilder()
                .setSessionId(session)
                .setStepId(step)
                .setCapturedAt(CAPTURED_AT)
                .setHtml(Artifacts.html("<p>" + session + "/" + step + "</p>"))
                .setAction("{\"type\":\"click\"}");
    }

    /** Bytes that no codec makes smaller. */
    public static Artifact screenshot(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(bytes).nextBytes(noise);
        return Artifacts.png(noise);
    }

    public static ConsumerRecord<byte[], byte[]> record(TopicPartition partition, long offset, StepCapture capture) {
        return record(
                partition,
                offset,
                capture.getSessionId().getBytes(StandardCharsets.UTF_8),
                SingleObjectCodec.stepCaptures().encode(capture));
    }

    /** In the Confluent format. */
    public static ConsumerRecord<byte[], byte[]> record(
            TopicPartition partition, long offset, StepCapture capture, int schemaId) {
        return record(
                partition,
                offset,
                capture.getSessionId().getBytes(StandardCharsets.UTF_8),
                new ConfluentFormat.Encoder().encode(schemaId, capture));
    }

    @SuppressWarnings("NullAway") // a record may have no key and no value, whatever its annotations say
    public static ConsumerRecord<byte[], byte[]> record(
            TopicPartition partition, long offset, byte @Nullable [] key, byte @Nullable [] value) {
        return new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                offset,
                CAPTURED_AT.toEpochMilli(),
                TimestampType.CREATE_TIME,
                key == null ? -1 : key.length,
                value == null ? -1 : value.length,
                key,
                value,
                new RecordHeaders(),
                Optional.empty());
    }
}
