package io.stepvault.worker.replay;

import io.stepvault.worker.assemble.PartialCaptures;
import io.stepvault.worker.commit.CommitMetadata;
import io.stepvault.worker.consume.ConsumerEvents;
import io.stepvault.worker.consume.TopicDirectory;
import io.stepvault.worker.consume.TopicRefusedException;
import io.stepvault.worker.flow.OffsetRuns;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between a consumer and a pipeline, and lets a range through: of each partition what lies within its bounds, and
 * beyond them the rest of the captures that began within. Fixes the bounds of a partition that nobody has begun, and
 * tells when all that was assigned is done.
 *
 * <p>Does no I/O of its own. Only the pipeline's thread may touch it.
 */
public final class RangeEvents implements ConsumerEvents {
    private static final Logger log = LoggerFactory.getLogger(RangeEvents.class);

    /** A capture whose chunks end with the topic gets so long for the rest: its producer may be at it. */
    private static final Duration END_PATIENCE = Duration.ofSeconds(10);

    private static final Duration LOOK_UP_AGAIN_AFTER = Duration.ofSeconds(1);

    private final ConsumerEvents pipeline;
    private final PartialCaptures partial;
    private final Range range;
    private final RangeTally tally;
    private final Clock clock;
    private final Runnable whenDone;

    private final Map<TopicPartition, Reading> readings = new LinkedHashMap<>();
    private final Map<TopicPartition, Long> seeks = new HashMap<>();
    private Optional<String> trouble = Optional.empty();
    private Instant nextLookUp = Instant.MIN;

    /**
     * What a range is made of.
     *
     * @param topic what is to be read
     * @param lookup finds bounds
     * @param progress keeps them
     * @param committer marks offsets with them
     */
    public record Range(TopicRange topic, RangeLookup lookup, JobProgress progress, RangeCommitter committer) {}

    /** How far the reading of one partition is. */
    private enum Phase {
        /** Its bounds are to be fixed. */
        UNBOUND,
        /** Reading what lies within them. */
        READING,
        /** All of that was read; some of it may wait to be looked at. */
        LOOKING,
        /** Reading on for the rest of captures that began within. */
        READING_ON,
        /** What was read is being stored and committed. */
        DRAINING,
        DONE
    }

    private static final class Reading {
        private final TopicDirectory.Lookup.Found topic;
        private Phase phase;
        private Bounds bounds = new Bounds(0, 0);
        private Duration atEnd = Duration.ZERO;
        private boolean passedEnd;

        Reading(TopicDirectory.Lookup.Found topic, Phase phase) {
            this.topic = topic;
            this.phase = phase;
        }
    }

    /**
     * Lets a range through to {@code pipeline}.
     *
     * @param partial what the pipeline has read in part
     * @param whenDone called again and again once there are partitions and all of them are done
     */
    public RangeEvents(
            ConsumerEvents pipeline,
            PartialCaptures partial,
            Range range,
            RangeTally tally,
            Clock clock,
            Runnable whenDone) {
        this.pipeline = pipeline;
        this.partial = partial;
        this.range = range;
        this.tally = tally;
        this.clock = clock;
        this.whenDone = whenDone;
    }

    @Override
    public void assigned(
            Map<TopicPartition, Optional<OffsetAndMetadata>> committed, TopicDirectory.Lookup.Found topic) {
        committed.forEach((partition, position) -> {
            if (!range.topic().takes(partition.partition())) {
                readings.put(partition, new Reading(topic, Phase.DONE));
                seeks.put(partition, 0L); // it is never read, but a consumer wants to know where it would be
                return;
            }
            Reading reading = new Reading(topic, Phase.UNBOUND);
            readings.put(partition, reading);
            range.progress()
                    .committed(partition)
                    .or(() -> position)
                    .ifPresent(at -> begin(partition, reading, read(partition, at, topic)));
        });
    }

    private static Bounds.Marked read(
            TopicPartition partition, OffsetAndMetadata committed, TopicDirectory.Lookup.Found topic) {
        Bounds.Marked marked = Bounds.read(committed)
                .orElseThrow(() -> new TopicRefusedException("the group of this job has an offset of " + partition
                        + " that no job has committed;" + " choose another --job"));
        OffsetAndMetadata position = marked.position();
        if (CommitMetadata.isOfOtherTopic(position.metadata(), topic.topicId(), position.offset())) {
            throw new TopicRefusedException("this job was about a topic " + partition.topic()
                    + " that has been deleted since; choose another --job");
        }
        return marked;
    }

    private void begin(TopicPartition partition, Reading reading, Bounds.Marked at) {
        reading.bounds = at.bounds();
        reading.phase = at.position().offset() < at.bounds().to() ? Phase.READING : Phase.LOOKING;
        range.committer().mark(partition, at.bounds());
        tally.begins(partition, at.bounds(), at.position().offset());
        pipeline.assigned(Map.of(partition, Optional.of(at.position())), reading.topic);
        seeks.put(partition, at.position().offset());
    }

    private void fixBounds() {
        Instant now = clock.instant();
        if (now.isBefore(nextLookUp)) {
            return;
        }
        for (Map.Entry<TopicPartition, Reading> each : readings.entrySet()) {
            if (each.getValue().phase == Phase.UNBOUND) {
                try {
                    fixBounds(each.getKey(), each.getValue());
                } catch (KafkaException e) {
                    nextLookUp = now.plus(LOOK_UP_AGAIN_AFTER);
                    fails("the range of " + each.getKey() + " cannot be looked up: " + e.getMessage());
                    return;
                }
            }
        }
        trouble = Optional.empty();
    }

    private void fixBounds(TopicPartition partition, Reading reading) {
        RangeLookup.Found found = range.lookup().find(partition);
        long from = found.bounds().from();
        String metadata = CommitMetadata.encode(reading.topic.topicId(), from, OffsetRuns.NONE)
                .orElseThrow();
        OffsetAndMetadata first = new OffsetAndMetadata(from, metadata);
        range.progress().begin(partition, found.bounds().mark(first));
        log.atInfo()
                .addKeyValue("partition", partition)
                .addKeyValue("from", from)
                .addKeyValue("to", found.bounds().to())
                .log("Range of partition fixed");
        if (found.removed() > 0 || found.mayLack()) {
            tally.lacks(partition, from, found.removed());
        }
        begin(partition, reading, new Bounds.Marked(found.bounds(), first));
    }

    private void fails(String why) {
        if (!trouble.equals(Optional.of(why))) {
            log.atWarn().addKeyValue("cause", why).log("Range cannot be fixed; will try again");
        }
        trouble = Optional.of(why);
    }

    @Override
    public void record(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        Reading reading = readings.get(partition);
        if (reading == null || reading.phase == Phase.UNBOUND || reading.phase == Phase.DONE) {
            return;
        }
        if (record.offset() < reading.bounds.to()) {
            tally.read(partition, record.offset(), size(record));
            pipeline.record(record);
        }
        if (reading.phase == Phase.READING && record.offset() >= reading.bounds.to() - 1) {
            reading.phase = Phase.LOOKING;
        } else if (reading.phase == Phase.READING_ON
                && record.offset() >= reading.bounds.to()
                && partial.isContinuedBy(record)) {
            tally.read(partition, record.offset(), size(record));
            pipeline.record(record);
        }
    }

    private static long size(ConsumerRecord<byte[], byte[]> record) {
        return Math.max(0, record.serializedKeySize()) + (long) Math.max(0, record.serializedValueSize());
    }

    @Override
    public void wereAtEnd(Collection<TopicPartition> partitions, Duration time) {
        for (TopicPartition partition : partitions) {
            Reading reading = readings.get(partition);
            if (reading != null && reading.phase == Phase.READING) {
                reading.phase = Phase.LOOKING; // markers of transactions may be all that is left
            } else if (reading != null && reading.phase == Phase.READING_ON) {
                reading.atEnd = reading.atEnd.plus(time);
            }
        }
        pipeline.wereAtEnd(partitions, time);
    }

    @Override
    public long removedBelow(TopicPartition partition, long offset) {
        Reading reading = readings.get(partition);
        if (reading == null || reading.phase == Phase.UNBOUND || reading.phase == Phase.DONE) {
            return 0;
        }
        long lost = pipeline.removedBelow(
                partition, Math.min(offset, Math.max(reading.bounds.to(), reading.bounds.from())));
        if (lost > 0) {
            tally.lacks(partition, offset, lost);
        }
        if (reading.phase == Phase.READING && offset >= reading.bounds.to()) {
            reading.phase = Phase.LOOKING;
        }
        return lost;
    }

    @Override
    public void tick() {
        fixBounds();
        pipeline.tick();
        readings.forEach(this::goOn);
        if (!readings.isEmpty() && readings.values().stream().allMatch(each -> each.phase == Phase.DONE)) {
            whenDone.run();
        }
    }

    private void goOn(TopicPartition partition, Reading reading) {
        switch (reading.phase) {
            case LOOKING -> {
                if (!partial.isHoldingBack()) {
                    readOnOrDrain(partition, reading);
                }
            }
            case READING_ON -> {
                boolean isWhole = partial.records(partition) == 0 && !partial.isHoldingBack();
                if (isWhole || reading.atEnd.compareTo(END_PATIENCE) >= 0) {
                    drain(partition, reading);
                }
            }
            case DRAINING -> {
                if (pipeline.isDrained(Set.of(partition))) {
                    finish(partition, reading);
                }
            }
            default -> {} // something has to happen first
        }
    }

    private void readOnOrDrain(TopicPartition partition, Reading reading) {
        if (partial.records(partition) == 0) {
            drain(partition, reading);
        } else {
            reading.phase = Phase.READING_ON;
            seeks.put(partition, reading.bounds.to()); // what was read beyond was not looked at
        }
    }

    private void drain(TopicPartition partition, Reading reading) {
        reading.phase = Phase.DRAINING;
        pipeline.leaving(Set.of(partition));
    }

    /**
     * Moves the committed offset over what is no record at the end of the range, so that everybody sees that it is done.
     * A capture that is there in part holds it back: its rest may come.
     */
    private void finish(TopicPartition partition, Reading reading) {
        int unfinished = partial.records(partition);
        if (unfinished == 0 && !reading.passedEnd) {
            reading.passedEnd = true;
            var unused = pipeline.removedBelow(partition, reading.bounds.to());
            return;
        }
        reading.phase = Phase.DONE;
        tally.done(partition, unfinished);
    }

    @Override
    public Map<TopicPartition, Long> takeRewinds() {
        Map<TopicPartition, Long> rewinds = new HashMap<>(pipeline.takeRewinds());
        seeks.forEach((partition, offset) -> rewinds.merge(partition, offset, Math::min));
        seeks.clear();
        return rewinds;
    }

    @Override
    public void leaving(Collection<TopicPartition> partitions) {
        pipeline.leaving(begun(partitions));
    }

    @Override
    public boolean isDrained(Collection<TopicPartition> partitions) {
        return pipeline.isDrained(begun(partitions));
    }

    @Override
    public boolean isCommitting(Collection<TopicPartition> partitions) {
        return pipeline.isCommitting(begun(partitions));
    }

    @Override
    public void left(Collection<TopicPartition> partitions) {
        pipeline.left(begun(partitions));
        partitions.forEach(partition -> {
            readings.remove(partition);
            seeks.remove(partition);
            tally.left(partition);
        });
    }

    private List<TopicPartition> begun(Collection<TopicPartition> partitions) {
        return partitions.stream()
                .filter(partition -> range.topic().takes(partition.partition()))
                .toList();
    }

    @Override
    public boolean mayRead(TopicPartition partition) {
        Reading reading = readings.get(partition);
        return reading != null
                && (reading.phase == Phase.READING
                        || reading.phase == Phase.LOOKING
                        || reading.phase == Phase.READING_ON)
                && pipeline.mayRead(partition);
    }

    @Override
    public boolean isBusy() {
        return pipeline.isBusy();
    }
}
