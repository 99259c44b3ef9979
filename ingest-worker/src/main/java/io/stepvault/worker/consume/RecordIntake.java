package io.stepvault.worker.consume;

import io.stepvault.capture.CaptureRules;
import io.stepvault.capture.Rejection;
import io.stepvault.event.StepCapture;
import io.stepvault.wire.CaptureDecoder;
import io.stepvault.wire.DecodeResult;
import io.stepvault.worker.batch.CaptureInput;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.MemoryBudget;
import io.stepvault.worker.flow.TrackedCapture;
import io.stepvault.worker.flow.TrackedOffset;
import io.stepvault.worker.metrics.WorkerMetrics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes records in: decodes and checks them, and passes captures on. A record that can never be stored is counted,
 * named and skipped, so that its partition moves on.
 *
 * <p>Pure; only the pipeline's thread may touch it.
 */
public final class RecordIntake {
    private static final Logger log = LoggerFactory.getLogger(RecordIntake.class);

    /** What a capture costs in memory besides what it carries: objects, handles, maps. */
    private static final long BYTES_PER_CAPTURE = 1024;

    private final CaptureDecoder decoder;
    private final CaptureRules rules;
    private final Clock clock;
    private final CaptureInput batch;
    private final MemoryBudget memory;
    private final WorkerMetrics metrics;

    /** An intake that passes captures on to {@code batch}. */
    public RecordIntake(
            CaptureDecoder decoder,
            CaptureRules rules,
            Clock clock,
            CaptureInput batch,
            MemoryBudget memory,
            WorkerMetrics metrics) {
        this.decoder = decoder;
        this.rules = rules;
        this.clock = clock;
        this.batch = batch;
        this.memory = memory;
        this.metrics = metrics;
    }

    /** Takes a record of a partition that is held under {@code assignment}. */
    public void accept(Assignment assignment, ConsumerRecord<byte[], byte[]> record) {
        TrackedOffset offset = assignment.track(record.offset());
        metrics.recordConsumed();
        DecodeResult result = decoder.decode(record.value());
        if (result instanceof DecodeResult.Decoded decoded) {
            captured(decoded.capture(), record, offset);
        } else if (result instanceof DecodeResult.Undecodable undecodable) {
            skip(undecodable.rejection(), offset);
        } else {
            throw new AssertionError("a record is decoded or not: " + result.getClass());
        }
    }

    private void captured(StepCapture capture, ConsumerRecord<byte[], byte[]> record, TrackedOffset offset) {
        var rejection = rules.check(capture, timeOf(record));
        if (rejection.isPresent()) {
            skip(rejection.get(), offset);
            return;
        }
        if (!Arrays.equals(record.key(), capture.getSessionId().getBytes(StandardCharsets.UTF_8))) {
            metrics.keyDiffers();
        }
        long bytes = record.serializedValueSize() + BYTES_PER_CAPTURE;
        memory.take(bytes);
        batch.accept(new TrackedCapture(capture, offset, bytes));
    }

    /** Records of very old producers carry no time: then the time of reading must do. */
    private Instant timeOf(ConsumerRecord<byte[], byte[]> record) {
        return record.timestamp() == ConsumerRecord.NO_TIMESTAMP
                ? clock.instant()
                : Instant.ofEpochMilli(record.timestamp());
    }

    private void skip(Rejection rejection, TrackedOffset offset) {
        log.atWarn()
                .addKeyValue("partition", offset.assignment().partition())
                .addKeyValue("offset", offset.offset())
                .addKeyValue("reason", rejection.reason().code())
                .addKeyValue("detail", rejection.detail())
                .log("Record can never be stored; skipped");
        metrics.rejected(rejection.reason());
        offset.done();
    }
}
