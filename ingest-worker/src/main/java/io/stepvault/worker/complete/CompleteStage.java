package io.stepvault.worker.complete;

import io.stepvault.capture.ArtifactInfo;
import io.stepvault.event.BatchSource;
import io.stepvault.event.BatchStored;
import io.stepvault.event.CompletedArtifact;
import io.stepvault.event.CompletedStep;
import io.stepvault.storage.StoreOutcome;
import io.stepvault.worker.commit.CommitInput;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.SessionBatch;
import io.stepvault.worker.flow.TrackedCapture;
import io.stepvault.worker.flow.TrackedOffset;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns stored batches into completion events. Batches are stored in any order; their completions leave in offset
 * order per session and partition, so that a reader sees a session grow from its start.
 *
 * <p>Pure; only the pipeline's thread may touch it. It keeps no payload: of a stored batch only its description.
 */
public final class CompleteStage implements CompletionInput {
    private final CommitInput commit;
    private final Map<Line, Deque<Place>> lines = new HashMap<>();

    /** A stage that passes completions on to {@code commit}. */
    public CompleteStage(CommitInput commit) {
        this.commit = commit;
    }

    @Override
    public PendingCompletion expect(SessionBatch batch) {
        Line line = new Line(batch.assignment(), batch.sessionId());
        Place place = new Place(
                line, batch.captures().stream().map(TrackedCapture::offset).toList(), endsSession(batch));
        lines.computeIfAbsent(line, key -> new ArrayDeque<>()).addLast(place);
        return place;
    }

    /** Forgets the batches of an assignment that has ended: their records are completed by the partition's next owner. */
    public void discard(Assignment assignment) {
        lines.keySet().removeIf(line -> line.assignment == assignment);
    }

    private void leaveInOrder(Line line) {
        Deque<Place> places = lines.get(line);
        if (places == null) {
            return; // the assignment has ended
        }
        BatchStored completion;
        while (!places.isEmpty() && (completion = places.getFirst().completion) != null) {
            commit.completed(completion, places.removeFirst().offsets);
        }
        if (places.isEmpty()) {
            lines.remove(line);
        }
    }

    private static boolean endsSession(SessionBatch batch) {
        return batch.captures().stream().anyMatch(each -> each.capture().getEndOfSession());
    }

    /** Assignments are told apart by identity; see {@link Assignment}. */
    private record Line(Assignment assignment, String sessionId) {}

    private final class Place implements PendingCompletion {
        private final Line line;
        private final List<TrackedOffset> offsets;
        private final boolean endOfSession;
        private @Nullable BatchStored completion;

        Place(Line line, List<TrackedOffset> offsets, boolean endOfSession) {
            this.line = line;
            this.offsets = offsets;
            this.endOfSession = endOfSession;
        }

        @Override
        public void stored(List<StoreOutcome.Stored> steps, Instant storedAt) {
            completion = completion(steps, storedAt);
            leaveInOrder(line);
        }

        private BatchStored completion(List<StoreOutcome.Stored> steps, Instant storedAt) {
            Assignment assignment = line.assignment;
            int partition = assignment.partition().partition();
            String id = CompletionId.of(
                    assignment.topicId(),
                    partition,
                    offsets.stream().mapToLong(TrackedOffset::offset),
                    "",
                    line.sessionId);
            BatchSource source = new BatchSource(
                    assignment.partition().topic(),
                    assignment.topicId(),
                    partition,
                    offsets.get(0).offset(),
                    offsets.get(offsets.size() - 1).offset());
            return BatchStored.newBuilder()
                    .setCompletionId(id)
                    .setSessionId(line.sessionId)
                    .setSource(source)
                    .setStoredAt(storedAt)
                    .setSteps(steps.stream().map(CompleteStage::step).toList())
                    .setEndOfSession(endOfSession)
                    .build();
        }
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
