package io.stepvault.worker.complete;

import io.stepvault.worker.commit.CommitInput;
import io.stepvault.worker.commit.Settlement;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.MemoryBudget;
import io.stepvault.worker.flow.SessionBatch;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns stored batches into completion events. Batches are stored in any order; their completions leave in offset
 * order per session and partition, so that a reader sees a session grow from its start.
 *
 * <p>Pure; only the pipeline's thread may touch it. It keeps no payload of what is stored, only its description.
 */
public final class CompleteStage implements CompletionInput {
    private final CommitInput commit;
    private final MemoryBudget memory;
    private final Optional<String> replayId;
    private final Map<Line, TreeMap<Long, Place>> lines = new HashMap<>();
    private int waiting;

    /**
     * A stage that passes completions on to {@code commit}.
     *
     * @param replayId marks every completion as one of this replay; empty for live consumption
     */
    public CompleteStage(CommitInput commit, MemoryBudget memory, Optional<String> replayId) {
        this.commit = commit;
        this.memory = memory;
        this.replayId = replayId;
    }

    @Override
    public PendingCompletion expect(Assignment assignment, String sessionId, long firstOffset) {
        Line line = new Line(assignment, sessionId);
        Place place = new Place(line, firstOffset);
        lines.computeIfAbsent(line, key -> new TreeMap<>()).put(firstOffset, place);
        return place;
    }

    /** Forgets the batches of an assignment that has ended: their records are completed by the partition's next owner. */
    public void discard(Assignment assignment) {
        lines.entrySet().removeIf(line -> {
            boolean gone = line.getKey().assignment == assignment;
            if (gone) {
                line.getValue().values().forEach(Place::forget);
            }
            return gone;
        });
    }

    /** The number of completions that wait for those before them. */
    public int waiting() {
        return waiting;
    }

    private void leaveInOrder(Line line) {
        TreeMap<Long, Place> places = lines.get(line);
        while (places != null && !places.isEmpty()) {
            Place first = places.firstEntry().getValue();
            if (first.settlement == null) {
                return;
            }
            first.leave();
        }
    }

    /** Assignments are told apart by identity; see {@link Assignment}. */
    private record Line(Assignment assignment, String sessionId) {}

    private final class Place implements PendingCompletion {
        private final Line line;
        private final long firstOffset;
        private boolean inOrder = true;
        private @Nullable Settlement settlement;

        Place(Line line, long firstOffset) {
            this.line = line;
            this.firstOffset = firstOffset;
        }

        void forget() {
            if (settlement != null) {
                memory.release(settlement.bytes());
                waiting--;
                settlement = null;
            }
        }

        @Override
        public void finished(
                SessionBatch batch, List<CaptureResult> results, Instant storedAt, Runnable whenCommitted) {
            if (!line.assignment.isHeld()) {
                return;
            }
            CompletionEvent event = CompletionEvent.of(batch, results, storedAt, replayId);
            Settlement settles = new Settlement(
                    event.completion(), event.deadLetters(), batch.offsets(), event.bytes(), whenCommitted);
            if (inOrder) {
                settlement = settles;
                waiting++;
                memory.take(settles.bytes());
                leaveInOrder(line);
            } else {
                commit.settle(settles);
            }
        }

        @Override
        public void waiveOrder() {
            inOrder = false;
            remove();
            leaveInOrder(line);
        }

        @Override
        public void abandon() {
            waiveOrder();
        }

        private void leave() {
            Settlement leaving = settlement;
            remove();
            forget();
            if (leaving != null) {
                commit.settle(leaving);
            }
        }

        private void remove() {
            TreeMap<Long, Place> places = lines.get(line);
            if (places != null) {
                places.remove(firstOffset, this);
                if (places.isEmpty()) {
                    lines.remove(line);
                }
            }
        }
    }
}
