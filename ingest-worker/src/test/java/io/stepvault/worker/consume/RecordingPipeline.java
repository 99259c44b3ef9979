package io.stepvault.worker.consume;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Writes down what it is told, and answers as a test says. */
final class RecordingPipeline implements ConsumerEvents {
    volatile boolean committing;

    final ConcurrentLinkedQueue<String> events = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<Map<TopicPartition, Long>> rewinds = new ConcurrentLinkedQueue<>();
    final AtomicInteger ticks = new AtomicInteger();
    /** Of the partitions that it was told of, the committed offsets that still hold. */
    final Map<TopicPartition, OffsetAndMetadata> committed = new ConcurrentHashMap<>();

    volatile boolean full;
    volatile boolean drained = true;

    @Override
    public void assigned(
            Map<TopicPartition, Optional<OffsetAndMetadata>> committed, TopicDirectory.Lookup.Found topic) {
        committed.forEach((partition, position) -> position.ifPresentOrElse(
                at -> this.committed.put(partition, at), () -> this.committed.remove(partition)));
        note("assigned", committed.keySet());
    }

    @Override
    public void wereAtEnd(Collection<TopicPartition> partitions, Duration time) {
        note("at end", partitions);
    }

    @Override
    public long removedBelow(TopicPartition partition, long offset) {
        return 10;
    }

    @Override
    public Map<TopicPartition, Long> takeRewinds() {
        return Optional.ofNullable(rewinds.poll()).orElse(Map.of());
    }

    @Override
    public void record(ConsumerRecord<byte[], byte[]> record) {
        events.add("record " + record.offset());
    }

    @Override
    public void tick() {
        ticks.incrementAndGet();
    }

    @Override
    public void leaving(Collection<TopicPartition> partitions) {
        note("leaving", partitions);
    }

    @Override
    public boolean isCommitting(Collection<TopicPartition> partitions) {
        return committing;
    }

    @Override
    public boolean isDrained(Collection<TopicPartition> partitions) {
        return drained;
    }

    @Override
    public void left(Collection<TopicPartition> partitions) {
        note("left", partitions);
    }

    @Override
    public boolean mayRead(TopicPartition partition) {
        return !full;
    }

    @Override
    public boolean isBusy() {
        return false;
    }

    private void note(String what, Collection<TopicPartition> partitions) {
        List<TopicPartition> each = new ArrayList<>(partitions);
        each.forEach(partition -> events.add(what + " " + partition));
    }
}
