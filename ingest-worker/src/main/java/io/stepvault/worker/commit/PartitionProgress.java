package io.stepvault.worker.commit;

import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.OffsetRuns;
import io.stepvault.worker.flow.TrackedOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * How far a partition is committed, and what waits to be. What is settled beyond the committed offset goes into its
 * metadata, which is bounded: what would not fit waits until the offsets before it are settled.
 *
 * <p>Pure; only the pipeline's thread may touch it.
 */
final class PartitionProgress {
    /** So many runs fit into the metadata whatever their offsets. */
    private static final int RUNS_THAT_FIT = 150;

    /** More attempts to fit in what does not would only cost time. */
    private static final int MISFITS_PER_GATHERING = 20;

    private final Assignment assignment;
    // By offset: what fills the gap at the committed offset comes first, and makes room for the others.
    private final PriorityQueue<Settlement> waiting = new PriorityQueue<>(Comparator.comparingLong(Settlement::order));
    private @Nullable OffsetAndMetadata committed;
    private boolean metadataFull;

    PartitionProgress(Assignment assignment) {
        this.assignment = assignment;
    }

    Assignment assignment() {
        return assignment;
    }

    void add(Settlement settlement) {
        waiting.add(settlement);
    }

    int waiting() {
        return waiting.size();
    }

    /** Forgets what waits, and returns it. */
    List<Settlement> drop() {
        List<Settlement> dropped = List.copyOf(waiting);
        waiting.clear();
        return dropped;
    }

    /** Whether something waits because the metadata has no room for it. */
    boolean isMetadataFull() {
        return metadataFull;
    }

    /**
     * Takes what can be committed next, and marks its offsets as settled.
     *
     * @param bytes about as much of it as may be taken; one is always taken, if one fits
     */
    List<Settlement> take(long bytes) {
        List<Settlement> taken = new ArrayList<>();
        List<Settlement> misfits = new ArrayList<>();
        Set<Optional<String>> sessionsToWait = new HashSet<>();
        long takenBytes = 0;
        OffsetRuns settled = assignment.settledBeyond();
        while (!waiting.isEmpty()
                && misfits.size() < MISFITS_PER_GATHERING
                && (taken.isEmpty() || takenBytes + waiting.peek().bytes() <= bytes)) {
            Settlement next = waiting.remove();
            boolean overtakes = next.session().isPresent() && sessionsToWait.contains(next.session());
            boolean fits = settled.runs().size() + next.offsets().size() <= RUNS_THAT_FIT || wouldFit(next);
            if (overtakes || !fits) {
                misfits.add(next);
                sessionsToWait.add(next.session());
                continue;
            }
            next.offsets().forEach(TrackedOffset::done);
            settled = assignment.settledBeyond();
            takenBytes += next.bytes();
            taken.add(next);
        }
        waiting.addAll(misfits);
        metadataFull = !misfits.isEmpty();
        return taken;
    }

    /** What there is to commit, or empty if that is committed already. */
    Optional<OffsetAndMetadata> toCommit() {
        return position().filter(position -> !position.equals(committed));
    }

    /** How far the partition is settled, or empty if nothing was read of it yet and nothing ever committed. */
    Optional<OffsetAndMetadata> position() {
        long offset = assignment.committable().orElse(assignment.start());
        boolean isNews = assignment.committable().isPresent()
                || !assignment.settledBeyond().isEmpty();
        return isNews && offset >= 0
                ? Optional.of(new OffsetAndMetadata(offset, metadata(offset)))
                : Optional.ofNullable(committed);
    }

    void committed(OffsetAndMetadata position) {
        committed = position;
    }

    /** Whether all that was delivered is settled and committed, but for {@code parked} records that wait elsewhere. */
    boolean isDrained(int parked) {
        return waiting.isEmpty()
                && assignment.unsettled() <= parked
                && toCommit().isEmpty();
    }

    /** Exact, and in proportion to the number of runs: for the rare case that it is close. */
    private boolean wouldFit(Settlement next) {
        TreeSet<Long> offsets = new TreeSet<>();
        next.offsets().forEach(each -> offsets.add(each.offset()));
        OffsetRuns runs = assignment.settledBeyond().with(offsets);
        long base = assignment.committable().orElse(Math.max(assignment.start(), 0));
        if (runs.runs().get(0).first() <= base) {
            base = Math.max(base, runs.runs().get(0).last() + 1); // it fills the gap at the committed offset
        }
        runs = runs.above(base + 1);
        return CommitMetadata.encode(assignment.topicId(), base, runs).isPresent();
    }

    /**
     * Whatever was settled without asking for room is left out from the far end: after a crash it would be settled, and
     * told, once more.
     */
    private String metadata(long offset) {
        OffsetRuns runs = assignment.settledBeyond().above(offset + 1);
        Optional<String> encoded = CommitMetadata.encode(assignment.topicId(), offset, runs);
        while (encoded.isEmpty()) {
            runs = new OffsetRuns(runs.runs().subList(0, runs.runs().size() / 2));
            encoded = CommitMetadata.encode(assignment.topicId(), offset, runs);
        }
        return encoded.get();
    }
}
