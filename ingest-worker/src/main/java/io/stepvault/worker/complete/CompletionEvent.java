package io.stepvault.worker.complete;

import io.stepvault.capture.ArtifactInfo;
import io.stepvault.event.BatchSource;
import io.stepvault.event.BatchStored;
import io.stepvault.event.CompletedArtifact;
import io.stepvault.event.CompletedStep;
import io.stepvault.event.DeadLetteredStep;
import io.stepvault.storage.StoreOutcome;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.DeadLetter;
import io.stepvault.worker.flow.SessionBatch;
import io.stepvault.worker.flow.TrackedCapture;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The event that completes a batch, and the dead letters of those of its captures that cannot be stored. Captures
 * that were passed over are in neither; where there are no others, there is no event, and the batch only settles its offsets.
 *
 * @param bytes about what they take up in memory
 */
record CompletionEvent(Optional<BatchStored> completion, List<DeadLetter> deadLetters, long bytes) {
    private static final long BYTES_PER_EVENT = 1024;
    private static final long BYTES_PER_PART = 600;

    static CompletionEvent of(
            SessionBatch batch, List<CaptureResult> results, Instant storedAt, Optional<String> replayId) {
        Assignment assignment = batch.assignment();
        List<CompletedStep> steps = new ArrayList<>();
        List<DeadLetteredStep> refused = new ArrayList<>();
        List<DeadLetter> deadLetters = new ArrayList<>();
        long bytes = BYTES_PER_EVENT;
        for (int i = 0; i < results.size(); i++) {
            TrackedCapture capture = batch.captures().get(i);
            if (results.get(i) instanceof CaptureResult.Stored stored) {
                CompletedStep step = step(stored.step());
                steps.add(step);
                bytes += BYTES_PER_PART * (1 + step.getArtifacts().size());
            } else if (results.get(i) instanceof CaptureResult.Refused refusal) {
                DeadLetter letter = new DeadLetter(
                        assignment.partition(),
                        assignment.topicId(),
                        capture.offset().offset(),
                        refusal.rejection(),
                        capture.record());
                deadLetters.add(letter);
                refused.add(refused(letter, capture.capture().getStepId()));
                bytes += letter.bytes();
            }
        }
        Optional<BatchStored> event = steps.isEmpty() && refused.isEmpty()
                ? Optional.empty()
                : Optional.of(event(batch, steps, refused, storedAt, replayId));
        return new CompletionEvent(event, deadLetters, bytes);
    }

    private static BatchStored event(
            SessionBatch batch,
            List<CompletedStep> steps,
            List<DeadLetteredStep> refused,
            Instant storedAt,
            Optional<String> replayId) {
        Assignment assignment = batch.assignment();
        int partition = assignment.partition().partition();
        List<TrackedCapture> captures = batch.captures();
        String id = CompletionId.of(
                assignment.topicId(),
                partition,
                captures.stream().mapToLong(each -> each.offset().offset()),
                replayId.orElse(""),
                batch.sessionId());
        BatchSource source = new BatchSource(
                assignment.partition().topic(),
                assignment.topicId(),
                partition,
                captures.get(0).offset().offset(),
                captures.get(captures.size() - 1).offset().offset());
        return BatchStored.newBuilder()
                .setCompletionId(id)
                .setSessionId(batch.sessionId())
                .setSource(source)
                .setStoredAt(storedAt)
                .setReplayId(replayId.orElse(null))
                .setSteps(steps)
                .setDeadLetters(refused)
                .setEndOfSession(
                        captures.stream().anyMatch(each -> each.capture().getEndOfSession()))
                .build();
    }

    private static DeadLetteredStep refused(DeadLetter letter, String stepId) {
        return DeadLetteredStep.newBuilder()
                .setOffset(letter.offset())
                .setStepId(stepId)
                .setReason(letter.rejection().reason().code())
                .build();
    }

    private static CompletedStep step(StoreOutcome.Stored stored) {
        return CompletedStep.newBuilder()
                .setStepId(stored.record().stepId())
                .setRevision(stored.revision().toString())
                .setSequence(stored.record().sequence().orElse(null))
                .setArtifacts(stored.artifactUris().entrySet().stream()
                        .map(artifact -> artifact(
                                artifact.getKey(),
                                artifact.getValue(),
                                stored.record().artifacts().get(artifact.getKey())))
                        .toList())
                .build();
    }

    private static CompletedArtifact artifact(String name, URI uri, @Nullable ArtifactInfo info) {
        if (info == null) {
            throw new IllegalStateException("the store names an artifact that the capture does not have");
        }
        return CompletedArtifact.newBuilder()
                .setName(name)
                .setUri(uri.toString())
                .setSize(info.size())
                .setSha256(info.sha256())
                .setContentType(info.contentType())
                .build();
    }
}
