package io.stepvault.worker.commit;

import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** What came of committing a {@link CommitUnit}. */
public sealed interface CommitOutcome {
    /** Completions and dead letters are published and offsets are committed. */
    record Committed() implements CommitOutcome {}

    /**
     * Not, or not known to be, committed: try again. With transactions nothing of it is to be seen; without, what had
     * got through may then be published twice.
     *
     * @param why one sentence for an operator
     */
    record Failed(String why) implements CommitOutcome {}

    /**
     * It was unknown for a while whether the transaction was committed, and now nothing is under way any more: what the
     * group has committed tells.
     *
     * @param committed by partition of the unit; those for which nothing was ever committed are missing
     */
    record Recovered(String why, Map<TopicPartition, OffsetAndMetadata> committed) implements CommitOutcome {
        /** Copies. */
        public Recovered {
            committed = Map.copyOf(committed);
        }
    }
}
