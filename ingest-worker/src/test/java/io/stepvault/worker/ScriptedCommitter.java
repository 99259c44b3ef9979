package io.stepvault.worker;

import io.stepvault.event.BatchStored;
import io.stepvault.worker.commit.CommitOutcome;
import io.stepvault.worker.commit.CommitUnit;
import io.stepvault.worker.commit.Committer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A committer that answers when and how a test says. */
public final class ScriptedCommitter implements Committer {
    /** Every completion ever published, in order, repeats included. */
    public final List<BatchStored> published = new ArrayList<>();

    public final Map<TopicPartition, Long> committed = new HashMap<>();

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

    public void succeed() {
        CommitUnit done = pending();
        published.addAll(done.completions());
        done.offsets().forEach((partition, position) -> {
            long offset = position.offset();
            Long before = committed.put(partition, offset);
            if (before != null && before > offset) {
                throw new IllegalStateException(partition + " went back from " + before + " to " + offset);
            }
        });
        answer(new CommitOutcome.Committed());
    }

    /** The worst kind of failure: the completions are out, the offsets are not committed. */
    public void failAfterPublishing() {
        published.addAll(pending().completions());
        answer(new CommitOutcome.Failed("the offsets were not committed"));
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
