package io.stepvault.worker.replay;

import io.stepvault.worker.commit.CommitOutcome;
import io.stepvault.worker.commit.CommitUnit;
import io.stepvault.worker.commit.Committer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Keeps how far a job has come in its consumer group: so it can be shared, and gone on with. Publishes nothing. */
public final class GroupProgress implements JobProgress, Committer {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Consumer<?, ?> consumer;

    /** Commits through {@code consumer}, on its thread. */
    public GroupProgress(Consumer<?, ?> consumer) {
        this.consumer = consumer;
    }

    @Override
    public Optional<OffsetAndMetadata> committed(TopicPartition partition) {
        return Optional.empty();
    }

    @Override
    public void begin(TopicPartition partition, OffsetAndMetadata first) {
        consumer.commitSync(Map.of(partition, first), TIMEOUT);
    }

    @Override
    public void commit(CommitUnit unit, java.util.function.Consumer<CommitOutcome> whenDone) {
        CommitOutcome outcome;
        try {
            if (!unit.offsets().isEmpty()) {
                consumer.commitSync(unit.offsets(), TIMEOUT);
            }
            outcome = new CommitOutcome.Committed();
        } catch (KafkaException e) {
            outcome = new CommitOutcome.Failed("committing offsets fails: " + e.getMessage());
        }
        whenDone.accept(outcome);
    }
}
