package io.stepvault.worker.assemble;

import io.stepvault.capture.CaptureRules;
import io.stepvault.capture.Rejection;
import io.stepvault.event.StepCapture;
import io.stepvault.wire.DecodeResult;
import io.stepvault.worker.batch.CaptureInput;
import io.stepvault.worker.commit.CommitInput;
import io.stepvault.worker.commit.Settlement;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.DeadLetter;
import io.stepvault.worker.flow.MemoryBudget;
import io.stepvault.worker.flow.SlabPool;
import io.stepvault.worker.flow.SourceRecord;
import io.stepvault.worker.flow.TrackedCapture;
import io.stepvault.worker.flow.TrackedOffset;
import io.stepvault.worker.metrics.WorkerMetrics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes and checks whole records, and passes captures on. What can never be stored becomes a dead letter, so that its
 * partition moves on. What waits for its schema is given back, to be read again.
 *
 * <p>Pure; only the pipeline's thread may touch it.
 */
public final class DecodeStage implements RecordInput.Whole {
    private static final Logger log = LoggerFactory.getLogger(DecodeStage.class);

    /** What a capture costs in memory besides its bytes: objects, handles, maps. */
    private static final long BYTES_PER_CAPTURE = 1024;

    private static final long BYTES_PER_ENTRY = 128;

    private final SchemaGate schemas;
    private final CaptureRules rules;
    private final Clock clock;
    private final CaptureInput batch;
    private final CommitInput deadLetters;
    private final MemoryBudget memory;
    private final SlabPool slabs;
    private final WorkerMetrics metrics;

    /** A stage that passes captures on to {@code batch}. */
    public DecodeStage(
            SchemaGate schemas,
            CaptureRules rules,
            Clock clock,
            CaptureInput batch,
            CommitInput deadLetters,
            MemoryBudget memory,
            SlabPool slabs,
            WorkerMetrics metrics) {
        this.schemas = schemas;
        this.rules = rules;
        this.clock = clock;
        this.batch = batch;
        this.deadLetters = deadLetters;
        this.memory = memory;
        this.slabs = slabs;
        this.metrics = metrics;
    }

    @Override
    public void accept(SourceRecord record, List<TrackedOffset> offsets) {
        SourceRecord kept = record.in(slabs);
        DecodeResult result = schemas.decode(offsets.get(offsets.size() - 1).assignment(), kept);
        if (result instanceof DecodeResult.Decoded decoded) {
            Optional<Rejection> rejection = rules.check(decoded.capture(), timeOf(record));
            if (rejection.isEmpty()) {
                pass(decoded.capture(), kept, offsets);
                return;
            }
            deadLetter(rejection.get(), record, offsets);
        } else if (result instanceof DecodeResult.Undecodable undecodable) {
            deadLetter(undecodable.rejection(), record, offsets);
        } else if (result instanceof DecodeResult.NotYet) {
            offsets.forEach(TrackedOffset::readAgain);
        } else {
            throw new AssertionError(result); // the family is sealed, and these are all
        }
        kept.giveBack();
    }

    private void pass(StepCapture capture, SourceRecord record, List<TrackedOffset> offsets) {
        if (!Arrays.equals(record.key(), capture.getSessionId().getBytes(StandardCharsets.UTF_8))) {
            metrics.keyDiffers();
        }
        long entries =
                (long) capture.getLabels().size() + capture.getAttachments().size() + offsets.size();
        long bytes = record.bytes() + BYTES_PER_CAPTURE + BYTES_PER_ENTRY * entries;
        memory.take(bytes);
        batch.accept(new TrackedCapture(capture, record, offsets, bytes));
    }

    /** Records of very old producers carry no time: then the time of reading must do. */
    private Instant timeOf(SourceRecord record) {
        return record.timestamp() == ConsumerRecord.NO_TIMESTAMP
                ? clock.instant()
                : Instant.ofEpochMilli(record.timestamp());
    }

    private void deadLetter(Rejection rejection, SourceRecord record, List<TrackedOffset> offsets) {
        TrackedOffset carrier = offsets.get(offsets.size() - 1);
        Assignment assignment = carrier.assignment();
        log.atWarn()
                .addKeyValue("partition", assignment.partition())
                .addKeyValue("offset", carrier.offset())
                .addKeyValue("reason", rejection.reason().code())
                .addKeyValue("detail", rejection.detail())
                .log("Record can never be stored; it becomes a dead letter");
        deadLetters.settle(Settlement.deadLetter(
                new DeadLetter(assignment.partition(), assignment.topicId(), carrier.offset(), rejection, record),
                offsets));
    }
}
