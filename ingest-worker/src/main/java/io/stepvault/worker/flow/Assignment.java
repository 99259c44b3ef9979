package io.stepvault.worker.flow;

import java.util.List;
import java.util.Optional;
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
    private final OffsetTracker<TrackedOffset> offsets;
    private boolean held = true;
    private long lost;

    /**
     * A partition newly assigned, of which nothing was ever committed.
     *
     * @param topicId Kafka's id of the topic, which tells a topic created again from the one before it
     */
    public Assignment(TopicPartition partition, String topicId) {
        this(partition, topicId, -1, OffsetRuns.NONE);
    }

    /**
     * A partition newly assigned.
     *
     * @param committed everything below is settled; -1 if nothing was ever committed
     * @param settledBeyond what is settled above it
     */
    public Assignment(TopicPartition partition, String topicId, long committed, OffsetRuns settledBeyond) {
        this.partition = partition;
        this.topicId = topicId;
        this.offsets = new OffsetTracker<>(committed, settledBeyond);
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
     * Notes that a record was delivered.
     *
     * @return the handle that settles it; empty if it is settled already, or somebody answers for it: it is to be
     *     skipped then
     */
    public Optional<TrackedOffset> deliver(long offset) {
        lost += offsets.lostBelow(offset).size();
        return offsets.deliver(offset) ? Optional.of(track(offset, Optional.empty())) : Optional.empty();
    }

    /**
     * Answers for records that an earlier run of the worker read and kept, if nobody else has settled or read any of
     * them; they will be skipped on the topic.
     *
     * @param sessionId of the captures that they carry
     * @return their handles, in the order given, or empty
     */
    public Optional<List<TrackedOffset>> adopt(List<Long> kept, String sessionId) {
        if (kept.stream().anyMatch(offsets::isKnown)) {
            return Optional.empty();
        }
        Optional<String> session = Optional.of(sessionId);
        return Optional.of(kept.stream().map(offset -> track(offset, session)).toList());
    }

    /** The session of a record that was adopted and is not settled yet. */
    public Optional<String> adoptedSession(long offset) {
        TrackedOffset handle = offsets.remembered(offset);
        return handle == null ? Optional.empty() : handle.adoptedFor();
    }

    private TrackedOffset track(long offset, Optional<String> adoptedFor) {
        TrackedOffset handle = new TrackedOffset(this, offset, adoptedFor);
        offsets.track(offset, handle);
        return handle;
    }

    void settled(TrackedOffset handle) {
        // A record that was given up and read again has another handle.
        if (offsets.remembered(handle.offset()) == handle) {
            offsets.settle(handle.offset());
        }
    }

    void readAgain(TrackedOffset handle) {
        if (offsets.remembered(handle.offset()) == handle) {
            offsets.giveUp(handle.offset());
        }
    }

    /** Where the reader has to go back to, for records that were given up; it is taken to do so at once. */
    public OptionalLong takeRewind() {
        return offsets.takeRewind();
    }

    /**
     * Notes that nothing below an offset is on the topic any more.
     *
     * @return how many records may have been lost by that: neither settled nor answered for
     */
    public long removedBelow(long offset) {
        return offsets.skipTo(offset);
    }

    /** Whether records are to be read again and have not come yet. */
    public boolean awaitsRecords() {
        return offsets.awaitsAny();
    }

    /** Whether a record is to be read again. */
    public boolean awaits(long offset) {
        return offsets.isAwaited(offset);
    }

    /** Whether a record would be skipped if it came now. */
    public boolean isToBeSkipped(long offset) {
        return offsets.isKnown(offset) && !offsets.isAwaited(offset);
    }

    /** The number of records lost since the last call: they were to be read again and had gone from the topic. */
    public long takeLost() {
        long taken = lost;
        lost = 0;
        return taken;
    }

    /** Everything below it was settled when the partition was assigned; -1 if nothing was ever committed. */
    public long start() {
        return offsets.start();
    }

    /** One more than the highest offset that was delivered; -1 if nothing was and nothing was ever committed. */
    public long position() {
        return offsets.position();
    }

    /** The offset up to which every record is settled, or empty while that is still where reading began. */
    public OptionalLong committable() {
        return offsets.committable();
    }

    /** What is settled beyond {@link #committable}. */
    public OffsetRuns settledBeyond() {
        return offsets.settledBeyond();
    }

    /** Whether a record is settled, by this worker or one before. */
    public boolean isSettled(long offset) {
        return offsets.isSettled(offset);
    }

    /** The lowest offset that is not settled. */
    public OptionalLong lowestUnsettled() {
        return offsets.lowestUnsettled();
    }

    /** The number of records that are neither settled nor waiting to be read again. */
    public int unsettled() {
        return offsets.unsettled();
    }

    @Override
    public String toString() {
        return partition.toString();
    }
}
