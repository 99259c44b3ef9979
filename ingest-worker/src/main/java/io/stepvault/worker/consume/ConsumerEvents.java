package io.stepvault.worker.consume;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What the consumer tells the pipeline, and asks it. All calls come from the pipeline's thread. Together with the
 * answers of the store, the disk and the committer these are all the events that move the pipeline.
 */
public interface ConsumerEvents {
    /**
     * Partitions were assigned to this worker; their records follow.
     *
     * @param committed what the group has committed for each, if anything
     */
    void assigned(Map<TopicPartition, Optional<OffsetAndMetadata>> committed, TopicDirectory.Lookup.Found topic);

    /** A record was read. */
    void record(ConsumerRecord<byte[], byte[]> record);

    /** Partitions had no more records to read, for some time. */
    void wereAtEnd(Collection<TopicPartition> partitions, Duration time);

    /**
     * Nothing below an offset is on the topic any more.
     *
     * @return how many records may be lost by that, because nobody has read them
     */
    long removedBelow(TopicPartition partition, long offset);

    /** Time has passed: flush what is old, try again what has waited, commit what is done. */
    void tick();

    /**
     * Where the reader has to go back to, by partition: what was read from there on is gone, in part, and is to be read
     * again. To be obeyed before anything else is read.
     */
    Map<TopicPartition, Long> takeRewinds();

    /** Partitions are about to leave in good order: flush them, and commit as soon as they are stored. */
    void leaving(Collection<TopicPartition> partitions);

    /** Whether all that was read from these partitions is stored, completed and committed, as far as can be now. */
    boolean isDrained(Collection<TopicPartition> partitions);

    /** Whether offsets of these partitions are being committed at this moment, and it is not known yet with what outcome. */
    boolean isCommitting(Collection<TopicPartition> partitions);

    /** Partitions have left, in good order or not: drop what is still under way for them. */
    void left(Collection<TopicPartition> partitions);

    /** Whether a partition may be read for now: a budget may be used up. */
    boolean mayRead(TopicPartition partition);

    /** Whether answers are expected soon, so that waiting for records should be short. */
    boolean isBusy();
}
