package io.stepvault.worker.replay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/** Counts what one process does of a job, by partition. Safe for any thread. */
public final class ReplayTally implements RangeTally {
    private final Map<TopicPartition, Count> partitions =
            new TreeMap<>(Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition));

    private static final class Count {
        private Bounds bounds = new Bounds(0, 0);
        private long begun = -1;
        private long position;
        private long settled;
        private long records;
        private long bytes;
        private long storedBytes;
        private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        private long removed;
        private boolean mayLack;
        private int unfinished;
        private boolean done;
        private boolean held;
    }

    /**
     * What was done of a partition.
     *
     * @param begun the offset from which this process has read it
     * @param position the offset up to which it was read
     * @param settled the offset up to which all is stored, or need not be
     * @param records how many were read
     * @param bytes of these
     * @param storedBytes of the records whose captures were stored
     * @param outcomes how many captures, or records that are none, came to what; those of none are left out
     * @param removed how many records retention has removed, at most
     * @param mayLack whether it may have removed others, nobody knows how many
     * @param unfinished how many records belong to captures whose rest is not on the topic
     * @param done whether all that can be done is done
     * @param held whether it was not given to another process
     */
    public record Partition(
            TopicPartition partition,
            Bounds bounds,
            long begun,
            long position,
            long settled,
            long records,
            long bytes,
            long storedBytes,
            Map<Outcome, Long> outcomes,
            long removed,
            boolean mayLack,
            int unfinished,
            boolean done,
            boolean held) {
        /** Copies. */
        public Partition {
            outcomes = Map.copyOf(outcomes);
        }

        /** How many came to this. */
        public long count(Outcome outcome) {
            return outcomes.getOrDefault(outcome, 0L);
        }
    }

    /** All partitions that this process has had, in order. */
    public synchronized List<Partition> partitions() {
        List<Partition> all = new ArrayList<>(partitions.size());
        partitions.forEach((partition, count) -> all.add(new Partition(
                partition,
                count.bounds,
                count.begun,
                count.position,
                count.settled,
                count.records,
                count.bytes,
                count.storedBytes,
                count.outcomes,
                count.removed,
                count.mayLack,
                count.unfinished,
                count.done,
                count.held)));
        return all;
    }

    private Count count(TopicPartition partition) {
        return partitions.computeIfAbsent(partition, any -> new Count());
    }

    /** A capture, or a record that is none, has come to this. */
    public synchronized void came(TopicPartition partition, Outcome outcome) {
        count(partition).outcomes.merge(outcome, 1L, Long::sum);
    }

    /** A capture was stored. */
    public synchronized void stored(TopicPartition partition, long bytes) {
        came(partition, Outcome.STORED);
        count(partition).storedBytes += bytes;
    }

    @Override
    public synchronized void begins(TopicPartition partition, Bounds bounds, long position) {
        Count count = count(partition);
        count.bounds = bounds;
        count.begun = count.begun < 0 ? position : count.begun;
        count.position = Math.max(position, count.position);
        count.settled = Math.max(position, count.settled);
        count.done = false;
        count.held = true;
    }

    @Override
    public synchronized void read(TopicPartition partition, long offset, long bytes) {
        Count count = count(partition);
        count.position = Math.max(count.position, offset + 1);
        count.records++;
        count.bytes += bytes;
    }

    @Override
    public synchronized void settled(TopicPartition partition, long offset) {
        Count count = count(partition);
        count.settled = Math.max(count.settled, offset);
    }

    @Override
    public synchronized void lacks(TopicPartition partition, long first, long records) {
        Count count = count(partition);
        count.removed += records;
        count.mayLack |= records == 0;
    }

    @Override
    public synchronized void done(TopicPartition partition, int unfinished) {
        Count count = count(partition);
        count.done = true;
        count.unfinished = unfinished;
        count.position = Math.max(count.position, count.bounds.to());
    }

    @Override
    public synchronized void left(TopicPartition partition) {
        Count count = partitions.get(partition);
        if (count != null) {
            count.held = false;
        }
    }
}
