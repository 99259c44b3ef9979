package io.stepvault.worker.replay;

import org.apache.kafka.common.TopicPartition;

/** Is told how the reading of a range goes on, on the pipeline's thread. */
public interface RangeTally {
    /** A partition is taken on: its bounds, and where reading goes on. */
    void begins(TopicPartition partition, Bounds bounds, long position);

    /** A record was read. */
    void read(TopicPartition partition, long offset, long bytes);

    /** Everything below an offset is settled for good: what could be stored is. */
    void settled(TopicPartition partition, long offset);

    /**
     * Retention has removed a part of the range.
     *
     * @param first the first offset that is still there
     * @param records how many were removed at most; 0 if nobody can tell
     */
    void lacks(TopicPartition partition, long first, long records);

    /**
     * All of a partition that can be done is done.
     *
     * @param unfinished how many records belong to captures whose rest is not on the topic
     */
    void done(TopicPartition partition, int unfinished);

    /** A partition has gone to another who shares the job, or back to be assigned anew. */
    void left(TopicPartition partition);
}
