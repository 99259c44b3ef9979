package io.stepvault.worker.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The consumer of a process: a member of the simulated group, which reads the simulated log. */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // one thread plays everything
class SimulatedConsumer extends MockConsumer<byte[], byte[]> {
    private final SimulatedBrokers brokers;
    private final SimulatedProcess process;
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final Map<TopicPartition, Long> knownEnds = new HashMap<>();
    private final Set<TopicPartition> assigned = new HashSet<>();
    private final Set<TopicPartition> paused = new HashSet<>();
    private @Nullable ConsumerRebalanceListener listener;
    private SimulatedGroup.@Nullable Member member;
    private long fetches;

    SimulatedConsumer(SimulatedBrokers brokers, SimulatedProcess process) {
        super("none");
        this.brokers = brokers;
        this.process = process;
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        MetricName name = new MetricName("fetch-total", "consumer-fetch-manager-metrics", "", Map.of());
        return Map.of(name, new Metric() {
            @Override
            public MetricName metricName() {
                return name;
            }

            @Override
            public Object metricValue() {
                return (double) fetches;
            }
        });
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener toTell) {
        listener = toTell;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        if (!brokers.isReachable(process)) {
            return ConsumerRecords.empty();
        }
        rebalance();
        requirePositions();
        return fetch();
    }

    private void rebalance() {
        ConsumerRebalanceListener told = listener;
        if (told == null) {
            throw new IllegalStateException("not subscribed");
        }
        if (member != null && !member.isKnown()) {
            member = null;
            Set<TopicPartition> lost = Set.copyOf(assigned);
            brokers.trace.add(process + " has lost " + lost);
            told.onPartitionsLost(lost);
            lost.forEach(this::forget);
        }
        if (member == null) {
            member = brokers.group.join(process.toString(), () -> brokers.hears(process));
        }
        SimulatedGroup.Member me = member;
        me.polls();
        Set<TopicPartition> toRevoke = me.toRevoke();
        if (!toRevoke.isEmpty()) {
            brokers.trace.add(process + " gives up " + toRevoke);
            told.onPartitionsRevoked(toRevoke);
            toRevoke.forEach(this::forget);
            if (!me.isKnown()) {
                return;
            }
            me.hasRevoked(toRevoke);
        }
        me.catchUp();
        Set<TopicPartition> toAssign = me.toAssign();
        if (!toAssign.isEmpty()) {
            brokers.trace.add(process + " is assigned " + toAssign);
            me.owned.addAll(toAssign);
            assigned.addAll(toAssign);
            told.onPartitionsAssigned(toAssign);
        }
    }

    private void forget(TopicPartition partition) {
        assigned.remove(partition);
        paused.remove(partition);
        positions.remove(partition);
        knownEnds.remove(partition);
    }

    private void requirePositions() {
        Set<TopicPartition> without = new HashSet<>();
        Map<TopicPartition, Long> outOfRange = new HashMap<>();
        for (TopicPartition partition : fetchable()) {
            SimulatedLog log = brokers.log(partition);
            Long position = positions.get(partition);
            if (position == null) {
                position = Optional.ofNullable(brokers.group.committed.get(partition))
                        .map(OffsetAndMetadata::offset)
                        .orElse(null);
                if (position == null) {
                    without.add(partition);
                    continue;
                }
                positions.put(partition, position);
            }
            if (position < log.start() || position > log.end()) {
                outOfRange.put(partition, position);
            }
        }
        if (!without.isEmpty()) {
            throw new NoOffsetForPartitionException(without);
        }
        if (!outOfRange.isEmpty()) {
            throw new OffsetOutOfRangeException(outOfRange);
        }
    }

    private Set<TopicPartition> fetchable() {
        Set<TopicPartition> fetchable = new HashSet<>(assigned);
        fetchable.removeAll(paused);
        return fetchable;
    }

    private ConsumerRecords<byte[], byte[]> fetch() {
        fetches++;
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> fetched = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        for (TopicPartition partition : fetchable()) {
            SimulatedLog log = brokers.log(partition);
            long position = positions.getOrDefault(partition, 0L);
            int most = 1 + brokers.random.nextInt(4);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record :
                    log.records.tailMap(position).values()) {
                if (records.size() == most) {
                    break;
                }
                records.add(record);
                position = record.offset() + 1;
            }
            if (records.size() < most) {
                position = log.end(); // past the markers at the end
            }
            positions.put(partition, position);
            knownEnds.put(partition, log.end());
            if (!records.isEmpty()) {
                brokers.trace.add(process + " reads " + partition.partition() + "@"
                        + records.get(0).offset() + ".."
                        + records.get(records.size() - 1).offset());
                fetched.put(partition, records);
                next.put(partition, new OffsetAndMetadata(position));
            }
        }
        return new ConsumerRecords<>(fetched, next);
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        partitions.forEach(this::requireAssigned);
        paused.addAll(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        partitions.forEach(this::requireAssigned);
        paused.removeAll(partitions);
    }

    @Override
    public Set<TopicPartition> paused() {
        return Set.copyOf(paused);
    }

    @Override
    public Set<TopicPartition> assignment() {
        return Set.copyOf(assigned);
    }

    @Override
    public void seek(TopicPartition partition, long offset) {
        requireAssigned(partition);
        Long before = positions.put(partition, offset);
        if (before != null && before > offset) {
            brokers.trace.add(process + " goes back to " + partition.partition() + "@" + offset);
            brokers.oracle.orderMayBreak();
        }
    }

    private void requireAssigned(TopicPartition partition) {
        if (!assigned.contains(partition)) {
            throw new IllegalStateException(partition + " is not assigned to this consumer");
        }
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions, Duration timeout) {
        return brokers.committed(process, partitions);
    }

    @Override
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
        if (!brokers.isReachable(process)) {
            throw new TimeoutException("no broker answers");
        }
        Map<TopicPartition, Long> starts = new HashMap<>();
        partitions.forEach(
                partition -> starts.put(partition, brokers.log(partition).start()));
        return starts;
    }

    @Override
    public OptionalLong currentLag(TopicPartition partition) {
        Long position = positions.get(partition);
        Long end = knownEnds.get(partition);
        return position == null || end == null ? OptionalLong.empty() : OptionalLong.of(Math.max(0, end - position));
    }

    @Override
    @SuppressWarnings("removal") // the only way to make one
    public ConsumerGroupMetadata groupMetadata() {
        SimulatedGroup.Member me = member;
        return me == null
                ? new ConsumerGroupMetadata("stepvault", -1, "", Optional.empty())
                : new ConsumerGroupMetadata("stepvault", me.epoch, me.id, Optional.empty());
    }

    @Override
    public void close(CloseOptions options) {
        if (member != null) {
            brokers.group.leave(member);
        }
    }
}
