package io.stepvault.worker.commit;

import io.stepvault.event.BatchStored;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.DeadLetter;
import io.stepvault.worker.flow.MemoryBudget;
import io.stepvault.worker.flow.OffsetRuns;
import io.stepvault.worker.metrics.WorkerMetrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits completions, dead letters and the offsets that they settle, in one unit per tick and one unit at a time. A
 * unit that fails is tried again as it was, less what belongs to partitions that have gone meanwhile: their next owner
 * starts from what was last committed, and completes those batches itself.
 *
 * <p>Pure but for the {@link Committer} that it calls; only the pipeline's thread may touch it.
 */
public final class CommitStage implements CommitInput {
    private static final Logger log = LoggerFactory.getLogger(CommitStage.class);

    /** What a unit holds at most, but for one that is larger by itself: it must be sent before its transaction ends. */
    private static final long UNIT_BYTES = 8 << 20;

    private final Duration interval;
    private final Clock clock;
    private final Committer committer;
    private final MemoryBudget memory;
    private final WorkerMetrics metrics;

    private final Map<Assignment, PartitionProgress> partitions = new LinkedHashMap<>();
    private @Nullable Unit unit;
    private boolean inFlight;
    private Instant nextCommit = Instant.MIN;
    private Instant notBefore = Instant.MIN;

    /** A stage that commits every {@code interval} when there is something to commit. */
    public CommitStage(
            Duration interval, Clock clock, Committer committer, MemoryBudget memory, WorkerMetrics metrics) {
        this.interval = interval;
        this.clock = clock;
        this.committer = committer;
        this.memory = memory;
        this.metrics = metrics;
    }

    /**
     * Begins to commit for a partition that was assigned.
     *
     * @param committed what its group has committed, if anything
     */
    public Assignment begin(TopicPartition partition, String topicId, Optional<OffsetAndMetadata> committed) {
        Assignment assignment = committed
                .map(position -> new Assignment(
                        partition, topicId, position.offset(), settledBeyond(position, partition, topicId)))
                .orElseGet(() -> new Assignment(partition, topicId));
        PartitionProgress progress = new PartitionProgress(assignment);
        committed.ifPresent(progress::committed);
        partitions.put(assignment, progress);
        return assignment;
    }

    private OffsetRuns settledBeyond(OffsetAndMetadata position, TopicPartition partition, String topicId) {
        Optional<OffsetRuns> settled = CommitMetadata.decode(position.metadata(), topicId, position.offset());
        if (settled.isEmpty()) {
            metrics.commitMetadataIgnored();
            log.atWarn()
                    .addKeyValue("partition", partition)
                    .addKeyValue("offset", position.offset())
                    .log("Commit metadata is not valid here; what it settled beyond its offset is read again");
        }
        return settled.orElse(OffsetRuns.NONE);
    }

    /** Stops committing for an assignment that has ended, and forgets what waits for it. */
    public void discard(Assignment assignment) {
        PartitionProgress gone = partitions.remove(assignment);
        if (gone != null) {
            gone.drop().forEach(settlement -> memory.release(settlement.bytes()));
        }
    }

    @Override
    public void settle(Settlement settlement) {
        PartitionProgress progress = partitions.get(settlement.assignment());
        if (progress != null) {
            memory.take(settlement.bytes());
            progress.add(settlement);
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
        Unit next = unit != null ? stillHeld(unit) : gather();
        unit = next;
        if (next.isEmpty()) {
            unit = null;
            return;
        }
        nextCommit = clock.instant().plus(interval);
        inFlight = true;
        committer.commit(next.toCommit(), outcome -> finished(next, outcome));
    }

    /**
     * Whether everything delivered under an assignment is settled and committed.
     *
     * @param parked how many of its records wait elsewhere for longer than anybody would wait here
     */
    public boolean isDrained(Assignment assignment, int parked) {
        PartitionProgress progress = partitions.get(assignment);
        return progress == null || (!isUnderWay(assignment) && progress.isDrained(parked));
    }

    /** Whether a commit that concerns an assignment has begun and not ended. */
    public boolean isCommitting(Assignment assignment) {
        return inFlight && isUnderWay(assignment);
    }

    /** The number of settlements of a partition that wait to be committed. */
    public int waiting(Assignment assignment) {
        PartitionProgress progress = partitions.get(assignment);
        return progress == null ? 0 : progress.waiting();
    }

    /** The number of all settlements that wait to be committed. */
    public int waiting() {
        return partitions.values().stream().mapToInt(PartitionProgress::waiting).sum()
                + (unit == null ? 0 : unit.settlements.size());
    }

    /** Whether settlements of a partition wait because its commit metadata has no room for them. */
    public boolean isMetadataFull(Assignment assignment) {
        PartitionProgress progress = partitions.get(assignment);
        return progress != null && progress.isMetadataFull();
    }

    private boolean isUnderWay(Assignment assignment) {
        return unit != null
                && (unit.offsets.containsKey(assignment)
                        || unit.settlements.stream().anyMatch(each -> each.assignment() == assignment));
    }

    private Unit gather() {
        List<Settlement> settlements = new ArrayList<>();
        Map<Assignment, OffsetAndMetadata> offsets = new HashMap<>();
        long room = UNIT_BYTES;
        // The partition that went first this time goes last the next, so that none starves.
        for (Assignment assignment : List.copyOf(partitions.keySet())) {
            PartitionProgress progress = partitions.get(assignment);
            if (progress == null) {
                throw new IllegalStateException(assignment + " went while its offsets were gathered");
            }
            List<Settlement> taken = room > 0 ? progress.take(room) : List.of();
            settlements.addAll(taken);
            room -= taken.stream().mapToLong(Settlement::bytes).sum();
            if (room <= 0) {
                partitions.remove(assignment);
                partitions.put(assignment, progress);
            }
            // What is published needs an offset even if that has not changed: by it the brokers check who commits.
            (taken.isEmpty() ? progress.toCommit() : progress.position())
                    .ifPresent(position -> offsets.put(assignment, position));
        }
        return new Unit(settlements, offsets);
    }

    private void finished(Unit finished, CommitOutcome outcome) {
        inFlight = false;
        if (outcome instanceof CommitOutcome.Committed) {
            unit = null;
            committed(finished.offsets, finished.settlements);
        } else if (outcome instanceof CommitOutcome.Recovered recovered) {
            unit = recover(finished, recovered.committed());
            metrics.commitRecovered(recovered.why());
        } else if (outcome instanceof CommitOutcome.Failed failed) {
            // Also when somebody waits for it: brokers that fail are not helped by haste.
            notBefore = clock.instant().plus(interval);
            metrics.commitFailed(failed.why());
        }
    }

    private void committed(Map<Assignment, OffsetAndMetadata> offsets, List<Settlement> settlements) {
        offsets.forEach((assignment, position) -> {
            PartitionProgress progress = partitions.get(assignment);
            if (progress != null) {
                progress.committed(position);
            }
        });
        for (Settlement settlement : settlements) {
            memory.release(settlement.bytes());
            if (settlement.assignment().isHeld()) {
                settlement.whenCommitted().run();
            }
        }
        metrics.committed((int) settlements.stream()
                .filter(each -> each.completion().isPresent())
                .count());
        settlements.stream()
                .flatMap(each -> each.deadLetters().stream())
                .forEach(letter -> metrics.deadLettered(letter.rejection().reason()));
    }

    /** Keeps of a unit what the group's committed offsets do not cover: all of it, or nothing, as a rule. */
    private @Nullable Unit recover(Unit uncertain, Map<TopicPartition, OffsetAndMetadata> committed) {
        List<Settlement> covered = new ArrayList<>();
        List<Settlement> left = new ArrayList<>();
        for (Settlement settlement : uncertain.settlements) {
            (isCovered(settlement, committed) ? covered : left).add(settlement);
        }
        Map<Assignment, OffsetAndMetadata> done = new HashMap<>();
        Map<Assignment, OffsetAndMetadata> open = new HashMap<>();
        uncertain.offsets.forEach((assignment, position) -> {
            boolean hasMore = left.stream().anyMatch(each -> each.assignment() == assignment);
            boolean isCommitted = position.equals(committed.get(assignment.partition()));
            (isCommitted && !hasMore ? done : open).put(assignment, position);
        });
        committed(done, covered);
        return left.isEmpty() && open.isEmpty() ? null : new Unit(left, open);
    }

    private static boolean isCovered(Settlement settlement, Map<TopicPartition, OffsetAndMetadata> committed) {
        Assignment assignment = settlement.assignment();
        OffsetAndMetadata position = committed.get(assignment.partition());
        if (position == null
                || CommitMetadata.isOfOtherTopic(position.metadata(), assignment.topicId(), position.offset())) {
            return false;
        }
        OffsetRuns beyond = CommitMetadata.decode(position.metadata(), assignment.topicId(), position.offset())
                .orElse(OffsetRuns.NONE);
        return settlement.offsets().stream()
                .allMatch(each -> each.offset() < position.offset() || beyond.contains(each.offset()));
    }

    private Unit stillHeld(Unit tried) {
        List<Settlement> settlements = new ArrayList<>();
        for (Settlement settlement : tried.settlements) {
            if (partitions.containsKey(settlement.assignment())) {
                settlements.add(settlement);
            } else {
                memory.release(settlement.bytes());
            }
        }
        Map<Assignment, OffsetAndMetadata> offsets = new HashMap<>(tried.offsets);
        offsets.keySet().retainAll(partitions.keySet());
        return new Unit(settlements, offsets);
    }

    private record Unit(List<Settlement> settlements, Map<Assignment, OffsetAndMetadata> offsets) {
        boolean isEmpty() {
            return settlements.isEmpty() && offsets.isEmpty();
        }

        CommitUnit toCommit() {
            List<BatchStored> completions = new ArrayList<>();
            List<DeadLetter> deadLetters = new ArrayList<>();
            for (Settlement settlement : settlements) {
                settlement.completion().ifPresent(completions::add);
                deadLetters.addAll(settlement.deadLetters());
            }
            Map<TopicPartition, OffsetAndMetadata> byPartition = new HashMap<>();
            offsets.forEach((assignment, position) -> byPartition.put(assignment.partition(), position));
            return new CommitUnit(completions, deadLetters, byPartition);
        }
    }
}
