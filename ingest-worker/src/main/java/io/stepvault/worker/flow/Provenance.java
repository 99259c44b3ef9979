package io.stepvault.worker.flow;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a capture came from, as it is told to a store: for information, and to count by partition.
 *
 * @param offset that of the record with which the capture was complete
 */
public record Provenance(TopicPartition partition, long offset) {
    private static final String TOPIC = "topic";
    private static final String PARTITION = "partition";
    private static final String OFFSET = "offset";

    /** As names and values of object metadata. */
    public Map<String, String> toMap() {
        return Map.of(
                TOPIC, partition.topic(),
                PARTITION, Integer.toString(partition.partition()),
                OFFSET, Long.toString(offset));
    }

    /** Reads it back; empty if this is no such thing. */
    public static Optional<Provenance> of(Map<String, String> metadata) {
        try {
            return Optional.of(new Provenance(
                    new TopicPartition(
                            metadata.getOrDefault(TOPIC, ""), Integer.parseInt(metadata.getOrDefault(PARTITION, ""))),
                    Long.parseLong(metadata.getOrDefault(OFFSET, ""))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
