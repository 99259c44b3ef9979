package io.stepvault.worker.assemble;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** What has been read in part. Asked by whoever ends reading, on the pipeline's thread. */
public interface PartialCaptures {
    /** Whether anything that was read waits to be looked at, so that the other answers are not complete. */
    boolean isHoldingBack();

    /** How many records of a partition wait for more chunks of their captures. */
    int records(TopicPartition partition);

    /** Whether a record is one more chunk of a capture that has begun. */
    boolean isContinuedBy(ConsumerRecord<byte[], byte[]> record);
}
