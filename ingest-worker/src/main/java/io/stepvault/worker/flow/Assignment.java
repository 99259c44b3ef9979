package io.stepvault.worker.flow;

import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/**
 * One partition for as long as this worker holds it, once. When the partition goes and comes back, that is another
 * assignment: what still arrives for the first is recognised and discarded. So identity, not equality, is the epoch.
 *
 * <p>Only the pipeline's thread may touch it.
 */
public final class Assignment {
    private final TopicPartition partition;
    private final String topicId;
    private final OffsetTracker offsets = new OffsetTracker();
    private boolean held = true;

    /**
     * A partition newly assigned.
     *
     * @param topicId Kafka's id of the topic, which tells a topic created again from the one before it
     */
    public Assignment(TopicPartition partition, String topicId) {
        this.partition = partition;
        this.topicId = topicId;
    }

    /** The partition. */
    public TopicPartition partition() {
        return partition;
    }

    /** Kafka's id of the topic. */
    public String topicId() {
        return topicId;
    }

    /** Whether the worker still holds the partition under this assignment. */
    public boolean isHeld() {
        return held;
    }

    /** Ends the assignment: nothing is committed under it any more. */
    public void end() {
        held = false;
    }

    /**
     * Notes that a record was delivered, and gives the handle that settles it.
     *
     * @throws IllegalArgumentException if its offset is not above all those before it
     */
    public TrackedOffset track(long offset) {
        TrackedOffset delivered = new TrackedOffset(this, offset);
        offsets.track(delivered);
        return delivered;
    }

    /** The offset up to which every record is settled, or empty while that is still where reading began. */
    public OptionalLong committable() {
        return offsets.committable();
    }

    /** Whether every delivered record is settled. */
    public boolean isSettled() {
        return offsets.isSettled();
    }

    @Override
    public String toString() {
        return partition.toString();
    }
}
