package io.stepvault.worker.commit;

import io.stepvault.event.BatchStored;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.TrackedOffset;
import io.stepvault.worker.metrics.WorkerMetrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Publishes completions and commits offsets, in one unit per tick and one unit at a time. A unit that fails is tried
 * again as it was, less what belongs to partitions that have gone meanwhile: their next owner starts from what was last
 * committed and completes those batches itself. So a completion may be published twice, but never not at all.
 *
 * <p>Pure but for the {@link Committer} that it calls; only the pipeline's thread may touch it.
 */
public final class CommitStage implements CommitInput {
    private final Duration interval;
    private final Clock clock;
    private final Committer committer;
    private final WorkerMetrics metrics;

    private final Map<Assignment, Long> committed = new HashMap<>();
    private List<Completion> waiting = new ArrayList<>();
    private @Nullable Unit unit;
    private boolean inFlight;
    private Instant nextCommit = Instant.MIN;
    private Instant notBefore = Instant.MIN;

    /** A stage that commits every {@code interval} when there is something to commit. */
    public CommitStage(Duration interval, Clock clock, Committer committer, WorkerMetrics metrics) {
        this.interval = interval;
        this.clock = clock;
        this.committer = committer;
        this.metrics = metrics;
    }

    /** Begins to commit for an assignment. */
    public void begin(Assignment assignment) {
        committed.put(assignment, -1L);
    }

    /** Stops committing for an assignment that has ended, and forgets its completions. */
    public void discard(Assignment assignment) {
        committed.remove(assignment);
        waiting.removeIf(completion -> completion.assignment == assignment);
    }

    @Override
    public void completed(BatchStored completion, List<TrackedOffset> offsets) {
        Assignment assignment = offsets.get(0).assignment();
        if (committed.containsKey(assignment)) {
            waiting.add(new Completion(assignment, completion, offsets));
        }
    }

    /** Commits what there is, if it is time. */
    public void tick() {
        if (!clock.instant().isBefore(nextCommit)) {
            commitNow();
        }
    }

    /** Commits what there is without waiting for the interval, unless a commit is under way. */
    public void commitNow() {
        if (inFlight || clock.instant().isBefore(notBefore)) {
            return;
        }
        Unit next = unit != null ? unit.stillHeld(committed) : gather();
        unit = next;
        if (next.isEmpty()) {
            unit = null;
            return;
        }
        nextCommit = clock.instant().plus(interval);
        inFlight = true;
        committer.commit(next.toCommit(), outcome -> finished(next, outcome));
    }

    /** Whether everything delivered under an assignment is settled, completed and committed. */
    public boolean isDrained(Assignment assignment) {
        Long last = committed.get(assignment);
        if (last == null) {
            return true;
        }
        OptionalLong committable = assignment.committable();
        return assignment.isSettled() && (committable.isEmpty() || committable.getAsLong() == last);
    }

    /** The number of completions that wait to be published. */
    public int waitingCompletions() {
        return waiting.size() + (unit == null ? 0 : unit.completions.size());
    }

    private Unit gather() {
        List<Completion> completions = waiting;
        waiting = new ArrayList<>();
        for (Completion completion : completions) {
            completion.offsets.forEach(TrackedOffset::done);
        }
        Map<Assignment, Long> offsets = new HashMap<>();
        committed.forEach((assignment, last) -> {
            OptionalLong committable = assignment.committable();
            if (committable.isPresent() && committable.getAsLong() > last) {
                offsets.put(assignment, committable.getAsLong());
            }
        });
        return new Unit(completions, offsets);
    }

    private void finished(Unit finished, CommitOutcome outcome) {
        inFlight = false;
        if (outcome instanceof CommitOutcome.Committed) {
            unit = null;
            finished.offsets.forEach((assignment, offset) -> committed.replace(assignment, offset));
            metrics.committed(finished.completions.size());
        } else if (outcome instanceof CommitOutcome.Recovered) {
            throw new AssertionError("no committer recovers yet");
        } else if (outcome instanceof CommitOutcome.Failed failed) {
            // Also when somebody waits for it: brokers that fail are not helped by haste.
            notBefore = clock.instant().plus(interval);
            metrics.commitFailed(failed.why());
        }
    }

    private record Completion(Assignment assignment, BatchStored event, List<TrackedOffset> offsets) {}

    private record Unit(List<Completion> completions, Map<Assignment, Long> offsets) {
        boolean isEmpty() {
            return completions.isEmpty() && offsets.isEmpty();
        }

        Unit stillHeld(Map<Assignment, Long> held) {
            Map<Assignment, Long> stillHeld = new HashMap<>(offsets);
            stillHeld.keySet().retainAll(held.keySet());
            return new Unit(
                    completions.stream()
                            .filter(completion -> held.containsKey(completion.assignment))
                            .toList(),
                    stillHeld);
        }

        CommitUnit toCommit() {
            Map<TopicPartition, OffsetAndMetadata> byPartition = new HashMap<>();
            offsets.forEach(
                    (assignment, offset) -> byPartition.put(assignment.partition(), new OffsetAndMetadata(offset)));
            return new CommitUnit(completions.stream().map(Completion::event).toList(), List.of(), byPartition);
        }
    }
}
