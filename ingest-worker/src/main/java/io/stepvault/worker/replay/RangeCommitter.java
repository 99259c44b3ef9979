package io.stepvault.worker.replay;

import io.stepvault.worker.commit.CommitOutcome;
import io.stepvault.worker.commit.CommitUnit;
import io.stepvault.worker.commit.Committer;
import io.stepvault.worker.flow.DeadLetter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Commits for a range: every offset carries the range's bounds, and records that can never be stored are told of rather
 * than dead-lettered, since the live group has done that or will. Only the pipeline's thread may touch it.
 */
public final class RangeCommitter implements Committer {
    private final Committer committer;
    private final boolean publishesCompletions;
    private final RangeTally tally;
    private final Consumer<DeadLetter> refused;
    private final Map<TopicPartition, Bounds> bounds = new HashMap<>();

    /**
     * Commits through {@code committer}.
     *
     * @param publishesCompletions whether it is given completions
     * @param tally is told how far it is
     * @param refused is told once of each record that can never be stored, when its offset is committed
     */
    public RangeCommitter(
            Committer committer, boolean publishesCompletions, RangeTally tally, Consumer<DeadLetter> refused) {
        this.committer = committer;
        this.publishesCompletions = publishesCompletions;
        this.tally = tally;
        this.refused = refused;
    }

    /** Marks the offsets of a partition with these bounds from now on. */
    void mark(TopicPartition partition, Bounds of) {
        bounds.put(partition, of);
    }

    @Override
    public void commit(CommitUnit unit, Consumer<CommitOutcome> whenDone) {
        Map<TopicPartition, OffsetAndMetadata> marked = new HashMap<>();
        unit.offsets().forEach((partition, position) -> marked.put(partition, marked(partition, position)));
        CommitUnit toCommit = new CommitUnit(publishesCompletions ? unit.completions() : List.of(), List.of(), marked);
        committer.commit(toCommit, outcome -> {
            if (outcome instanceof CommitOutcome.Committed) {
                unit.deadLetters().forEach(refused);
                unit.offsets().forEach((partition, position) -> tally.settled(partition, position.offset()));
            }
            whenDone.accept(
                    outcome instanceof CommitOutcome.Recovered recovered
                            ? new CommitOutcome.Recovered(recovered.why(), unmarked(recovered.committed()))
                            : outcome);
        });
    }

    private OffsetAndMetadata marked(TopicPartition partition, OffsetAndMetadata position) {
        Bounds of = bounds.get(partition);
        if (of == null) {
            throw new IllegalStateException("an offset of " + partition + " is committed before its range is fixed");
        }
        return of.mark(position);
    }

    private static Map<TopicPartition, OffsetAndMetadata> unmarked(Map<TopicPartition, OffsetAndMetadata> committed) {
        Map<TopicPartition, OffsetAndMetadata> unmarked = new HashMap<>();
        committed.forEach((partition, position) ->
                Bounds.read(position).ifPresent(marked -> unmarked.put(partition, marked.position())));
        return unmarked;
    }
}
