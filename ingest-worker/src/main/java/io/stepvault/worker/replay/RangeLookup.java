package io.stepvault.worker.replay;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Looks up where a range lies in a partition, at this moment. */
public interface RangeLookup {
    /**
     * What it found.
     *
     * @param bounds with a beginning that is still on the topic
     * @param removed how many offsets of the range retention has removed, as far as is known
     * @param mayLack whether it may have removed some more of it, nobody knows how many
     */
    record Found(Bounds bounds, long removed, boolean mayLack) {}

    /**
     * Looks a partition up. May block for some seconds.
     *
     * @throws KafkaException if the brokers do not tell; to be tried again
     */
    Found find(TopicPartition partition);
}
