package io.stepvault.worker.replay;

import io.stepvault.worker.commit.CommitOutcome;
import io.stepvault.worker.commit.CommitUnit;
import io.stepvault.worker.commit.Committer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Keeps how far a job has come in memory, and nothing on the brokers: for what only looks. Only the pipeline's thread may
 * touch it.
 */
public final class OwnProgress implements JobProgress, Committer {
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();

    @Override
    public Optional<OffsetAndMetadata> committed(TopicPartition partition) {
        return Optional.ofNullable(committed.get(partition));
    }

    @Override
    public void begin(TopicPartition partition, OffsetAndMetadata first) {
        committed.put(partition, first);
    }

    @Override
    public void commit(CommitUnit unit, Consumer<CommitOutcome> whenDone) {
        committed.putAll(unit.offsets());
        whenDone.accept(new CommitOutcome.Committed());
    }
}
