package io.stepvault.worker;

import io.stepvault.event.BatchStored;
import io.stepvault.worker.commit.CommitOutcome;
import io.stepvault.worker.commit.CommitUnit;
import io.stepvault.worker.commit.Committer;
import io.stepvault.worker.flow.DeadLetter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A committer that answers when and how a test says. */
public final class ScriptedCommitter implements Committer {
    /** Every completion ever published, in order, repeats included. */
    public final List<BatchStored> published = new ArrayList<>();

    /** Every dead letter ever published, in order, repeats included. */
    public final List<DeadLetter> deadLetters = new ArrayList<>();

    public final Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();

    private @Nullable CommitUnit unit;
    private @Nullable Consumer<CommitOutcome> whenDone;

    @Override
    public void commit(CommitUnit toCommit, Consumer<CommitOutcome> answer) {
        if (unit != null) {
            throw new IllegalStateException("one unit at a time");
        }
        unit = toCommit;
        whenDone = answer;
    }

    public boolean isPending() {
        return unit != null;
    }

    public CommitUnit pending() {
        if (unit == null) {
            throw new IllegalStateException("nothing to commit");
        }
        return unit;
    }

    public Map<TopicPartition, Long> pendingOffsets() {
        return pending().offsets().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, position -> position.getValue().offset()));
    }

    /** What is committed, without metadata. */
    public Map<TopicPartition, Long> committed() {
        return positions.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, position -> position.getValue().offset()));
    }

    public void succeed() {
        takeEffect();
        answer(new CommitOutcome.Committed());
    }

    /** Without transactions: the completions are out, the offsets are not committed. */
    public void failAfterPublishing() {
        published.addAll(pending().completions());
        deadLetters.addAll(pending().deadLetters());
        answer(new CommitOutcome.Failed("the offsets were not committed"));
    }

    /** With transactions: nothing of it is to be seen. */
    public void abort() {
        answer(new CommitOutcome.Failed("the transaction was aborted"));
    }

    /** With transactions: it was unknown for a while whether it was committed, and it was, or not. */
    public void recover(boolean wasCommitted) {
        CommitUnit uncertain = pending();
        if (wasCommitted) {
            takeEffect();
        }
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>(positions);
        committed.keySet().retainAll(uncertain.offsets().keySet());
        answer(new CommitOutcome.Recovered("the producer was fenced", committed));
    }

    /** The process that waits for an answer is gone. */
    public void crash() {
        unit = null;
        whenDone = null;
    }

    private void takeEffect() {
        CommitUnit done = pending();
        published.addAll(done.completions());
        deadLetters.addAll(done.deadLetters());
        done.offsets().forEach((partition, position) -> {
            OffsetAndMetadata before = positions.put(partition, position);
            if (before != null && before.offset() > position.offset()) {
                throw new IllegalStateException(partition + " went back from " + before + " to " + position);
            }
        });
    }

    private void answer(CommitOutcome outcome) {
        Consumer<CommitOutcome> toTell = whenDone;
        unit = null;
        whenDone = null;
        if (toTell != null) {
            toTell.accept(outcome);
        }
    }
}
