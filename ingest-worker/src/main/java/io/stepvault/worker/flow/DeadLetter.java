package io.stepvault.worker.flow;

import io.stepvault.capture.Rejection;
import org.apache.kafka.common.TopicPartition;

/**
 * A record that can never be stored, on its way to the dead-letter topic.
 *
 * @param source where it came from
 * @param topicId Kafka's id of the source topic
 * @param offset its offset there; of a capture that came in chunks, that of the last chunk
 * @param rejection why it cannot be stored
 */
public record DeadLetter(TopicPartition source, String topicId, long offset, Rejection rejection, SourceRecord record) {
    /** What it costs in memory besides its record, in bytes. */
    public static final long BYTES_BESIDES_RECORD = 1024;

    /** What it counts against budgets, in bytes. */
    public long bytes() {
        return record.bytes() + BYTES_BESIDES_RECORD;
    }
}
