package io.stepvault.worker.simulation;

import io.stepvault.worker.consume.ConsumerEvents;
import io.stepvault.worker.consume.TopicDirectory;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** A pipeline that does what another one does, where it is not told otherwise. */
class ForwardingEvents implements ConsumerEvents {
    final Set<TopicPartition> assigned = new HashSet<>();
    private final ConsumerEvents to;

    ForwardingEvents(ConsumerEvents to) {
        this.to = to;
    }

    @Override
    public void assigned(
            Map<TopicPartition, Optional<OffsetAndMetadata>> committed, TopicDirectory.Lookup.Found topic) {
        assigned.addAll(committed.keySet());
        to.assigned(committed, topic);
    }

    @Override
    public void record(ConsumerRecord<byte[], byte[]> record) {
        to.record(record);
    }

    @Override
    public void wereAtEnd(Collection<TopicPartition> partitions, Duration time) {
        to.wereAtEnd(partitions, time);
    }

    @Override
    public long removedBelow(TopicPartition partition, long offset) {
        return to.removedBelow(partition, offset);
    }

    @Override
    public void tick() {
        to.tick();
    }

    @Override
    public Map<TopicPartition, Long> takeRewinds() {
        return to.takeRewinds();
    }

    @Override
    public void leaving(Collection<TopicPartition> partitions) {
        to.leaving(partitions);
    }

    @Override
    public boolean isDrained(Collection<TopicPartition> partitions) {
        return to.isDrained(partitions);
    }

    @Override
    public boolean isCommitting(Collection<TopicPartition> partitions) {
        return to.isCommitting(partitions);
    }

    @Override
    public void left(Collection<TopicPartition> partitions) {
        assigned.removeAll(partitions);
        to.left(partitions);
    }

    @Override
    public boolean mayRead(TopicPartition partition) {
        return to.mayRead(partition);
    }

    @Override
    public boolean isBusy() {
        return to.isBusy();
    }
}
