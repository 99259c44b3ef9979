package io.stepvault.worker.commit;

import io.stepvault.event.BatchStored;
import io.stepvault.worker.flow.DeadLetter;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What is committed together: completions, dead letters, and the offsets that they settle.
 *
 * @param offsets what to commit by partition: the offset to go on from, and in the metadata what is settled beyond it
 */
public record CommitUnit(
        List<BatchStored> completions, List<DeadLetter> deadLetters, Map<TopicPartition, OffsetAndMetadata> offsets) {
    /** Copies. */
    public CommitUnit {
        completions = List.copyOf(completions);
        deadLetters = List.copyOf(deadLetters);
        offsets = Map.copyOf(offsets);
    }

    /** Whether it holds nothing but offsets. */
    boolean hasNoRecords() {
        return completions.isEmpty() && deadLetters.isEmpty();
    }
}
