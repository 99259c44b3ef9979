package io.stepvault.worker.deadletter;

/**
 * The record that a dead letter is a copy of. Immutable; safe for any thread.
 *
 * @param topic its topic's name
 * @param id what tells it from all other records
 * @param timestamp its timestamp in milliseconds since 1970, or -1 if it had none
 */
public record LetterSource(String topic, Id id, long timestamp) {
    /**
     * What tells a record from all others, for ever: a topic that is made again under the same name gets another id. Two
     * letters with the same one are repeats, wherever they lie.
     *
     * @param topicId Kafka's id of the topic
     */
    public record Id(String topicId, int partition, long offset) {
        /** {@code TOPIC-ID/PARTITION@OFFSET}. */
        @Override
        public String toString() {
            return topicId + "/" + partition + "@" + offset;
        }
    }

    /** {@code TOPIC-PARTITION@OFFSET}, for people. */
    @Override
    public String toString() {
        return topic + "-" + id.partition + "@" + id.offset;
    }
}
