package io.stepvault.worker.consume;

import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What the consumer tells the pipeline, and asks it. All calls come from the pipeline's thread. Together with the
 * answers of the store and the committer these are all the events that move the pipeline.
 */
public interface ConsumerEvents {
    /** Partitions were assigned to this worker; their records follow. */
    void assigned(Collection<TopicPartition> partitions, String topicId);

    /** A record was read. */
    void record(ConsumerRecord<byte[], byte[]> record);

    /** Time has passed: flush what is old, try again what has waited, commit what is done. */
    void tick();

    /** Partitions are about to leave in good order: flush them, and commit as soon as they are stored. */
    void leaving(Collection<TopicPartition> partitions);

    /** Whether all that was read from these partitions is stored, completed and committed. */
    boolean isDrained(Collection<TopicPartition> partitions);

    /** Partitions have left, in good order or not: drop what is still under way for them. */
    void left(Collection<TopicPartition> partitions);

    /** Whether reading should pause because memory is full. */
    boolean isFull();

    /** Whether answers are expected soon, so that waiting for records should be short. */
    boolean isBusy();
}
