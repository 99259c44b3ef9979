package io.stepvault.worker.commit;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Where to ask what the group has committed. */
@FunctionalInterface
public interface CommittedOffsets {
    /**
     * What is committed for partitions, with no transaction over it pending; those for which nothing ever was are
     * missing. May block.
     *
     * @throws org.apache.kafka.common.KafkaException if that cannot be told now
     */
    Map<TopicPartition, OffsetAndMetadata> of(Set<TopicPartition> partitions);
}
