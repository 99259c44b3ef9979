package io.stepvault.worker.spool;

import static java.util.Objects.requireNonNull;

import io.stepvault.event.StepCapture;
import io.stepvault.wire.CaptureDecoder;
import io.stepvault.wire.DecodeResult;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.SessionBatch;
import io.stepvault.worker.flow.SourceRecord;
import io.stepvault.worker.flow.TrackedCapture;
import io.stepvault.worker.flow.TrackedOffset;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns session batches into what the disk keeps of them, and back. What came in another format is kept as Avro single
 * object: the disk queue must be readable without a schema registry, also by the commands. Only the pipeline's thread may
 * touch it.
 */
final class SpooledForm {
    private final CaptureDecoder decoder = CaptureDecoder.withoutRegistry();
    private final SingleObjectCodec<StepCapture> codec = SingleObjectCodec.stepCaptures();

    SpooledBatch of(SessionBatch batch, BatchOrigin origin) {
        return new SpooledBatch(
                origin,
                batch.sessionId(),
                batch.captures().stream()
                        .map(capture -> new SpooledCapture(
                                capture.offsets().stream()
                                        .map(TrackedOffset::offset)
                                        .toList(),
                                selfContained(capture)))
                        .toList());
    }

    private SourceRecord selfContained(TrackedCapture capture) {
        SourceRecord record = capture.record();
        ByteBuffer value = record.valueBuffer();
        return value != null && SingleObjectCodec.isSingleObject(value)
                ? record
                : new SourceRecord(record.key(), codec.encode(capture.capture()), record.headers(), record.timestamp());
    }

    /**
     * The batch again.
     *
     * @param handles of all its records; if empty, the batch gets an assignment of its own, which commits
     *     nothing
     * @return empty if a capture cannot be decoded: an older version of the worker reads what a newer has written
     */
    Optional<SessionBatch> toBatch(SpooledBatch spooled, Optional<List<TrackedOffset>> handles) {
        // The chunks of one capture may lie between those of others, so that order does not tell whose they are.
        Map<Long, TrackedOffset> offsets = new HashMap<>();
        handles.orElseGet(() -> detached(spooled)).forEach(handle -> offsets.put(handle.offset(), handle));
        List<TrackedCapture> captures = new ArrayList<>();
        long bytes = 0;
        for (SpooledCapture each : spooled.captures()) {
            if (!(decoder.decode(each.record().value()) instanceof DecodeResult.Decoded decoded)) {
                return Optional.empty();
            }
            StepCapture capture = decoded.capture();
            List<TrackedOffset> own = each.offsets().stream()
                    .map(offset -> requireNonNull(offsets.get(offset)))
                    .toList();
            long size = each.record().size();
            captures.add(new TrackedCapture(capture, each.record(), own, size));
            bytes += size;
        }
        return Optional.of(
                new SessionBatch(captures.get(0).offset().assignment(), spooled.sessionId(), captures, bytes));
    }

    private static List<TrackedOffset> detached(SpooledBatch spooled) {
        BatchOrigin origin = spooled.origin();
        List<Long> offsets = spooled.captures().stream()
                .flatMap(capture -> capture.offsets().stream())
                .toList();
        return new Assignment(origin.partition(), origin.topicId())
                .adopt(offsets, spooled.sessionId())
                .orElseThrow(() -> new IllegalStateException("a fresh assignment knows no offset"));
    }
}
