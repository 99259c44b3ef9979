package io.stepvault.worker.commit;

import io.stepvault.event.BatchStored;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * What is committed together: completions, and the offsets that they (and skipped records) settle.
 *
 * @param offsets the offset to commit by partition
 */
public record CommitUnit(List<BatchStored> completions, Map<TopicPartition, Long> offsets) {
    /** Copies. */
    public CommitUnit {
        completions = List.copyOf(completions);
        offsets = Map.copyOf(offsets);
    }
}
