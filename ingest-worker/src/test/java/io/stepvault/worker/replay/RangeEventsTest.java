package io.stepvault.worker.replay;

import static io.stepvault.worker.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.worker.Captures;
import io.stepvault.worker.assemble.PartialCaptures;
import io.stepvault.worker.commit.CommitMetadata;
import io.stepvault.worker.commit.CommitOutcome;
import io.stepvault.worker.commit.CommitUnit;
import io.stepvault.worker.consume.ConsumerEvents;
import io.stepvault.worker.consume.TopicDirectory;
import io.stepvault.worker.consume.TopicRefusedException;
import io.stepvault.worker.flow.OffsetRuns;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RangeEventsTest {
    private static final TopicPartition PARTITION = new TopicPartition("captures", 0);
    private static final TopicDirectory.Lookup.Found TOPIC =
            new TopicDirectory.Lookup.Found("AAAAAAAAAAAAAAAAAAAAKg", "cluster");

    private final FakePipeline pipeline = new FakePipeline();
    private final Map<TopicPartition, OffsetAndMetadata> kept = new HashMap<>();
    private final ReplayTally tally = new ReplayTally();
    private Bounds found = new Bounds(10, 20);
    private boolean lookupFails;
    private boolean done;

    /** A pipeline that does at once what it is told, but for what a test says. */
    private static final class FakePipeline implements ConsumerEvents, PartialCaptures {
        private final List<Long> records = new ArrayList<>();
        private final Map<TopicPartition, OffsetAndMetadata> assigned = new HashMap<>();
        private final Set<TopicPartition> leaving = new HashSet<>();
        private final Set<Long> continued = new HashSet<>();
        private final Map<TopicPartition, Long> rewinds = new HashMap<>();
        private boolean holdsBack;
        private boolean drained = true;
        private int partial;
        private long skippedTo = -1;

        @Override
        public void assigned(
                Map<TopicPartition, Optional<OffsetAndMetadata>> committed, TopicDirectory.Lookup.Found topic) {
            committed.forEach((partition, position) -> assigned.put(partition, position.orElseThrow()));
        }

        @Override
        public void record(ConsumerRecord<byte[], byte[]> record) {
            records.add(record.offset());
        }

        @Override
        public void wereAtEnd(Collection<TopicPartition> partitions, Duration time) {}

        @Override
        public long removedBelow(TopicPartition partition, long offset) {
            skippedTo = offset;
            return 3;
        }

        @Override
        public void tick() {}

        @Override
        public Map<TopicPartition, Long> takeRewinds() {
            Map<TopicPartition, Long> taken = Map.copyOf(rewinds);
            rewinds.clear();
            return taken;
        }

        @Override
        public void leaving(Collection<TopicPartition> partitions) {
            leaving.addAll(partitions);
        }

        @Override
        public boolean isDrained(Collection<TopicPartition> partitions) {
            return drained;
        }

        @Override
        public boolean isCommitting(Collection<TopicPartition> partitions) {
            return false;
        }

        @Override
        public void left(Collection<TopicPartition> partitions) {
            partitions.forEach(assigned::remove);
        }

        @Override
        public boolean mayRead(TopicPartition partition) {
            return true;
        }

        @Override
        public boolean isBusy() {
            return false;
        }

        @Override
        public boolean isHoldingBack() {
            return holdsBack;
        }

        @Override
        public int records(TopicPartition partition) {
            return partial;
        }

        @Override
        public boolean isContinuedBy(ConsumerRecord<byte[], byte[]> record) {
            return continued.contains(record.offset());
        }
    }

    private RangeEvents events(TopicRange range) {
        JobProgress progress = new JobProgress() {
            @Override
            public Optional<OffsetAndMetadata> committed(TopicPartition partition) {
                return Optional.empty();
            }

            @Override
            public void begin(TopicPartition partition, OffsetAndMetadata first) {
                kept.put(partition, first);
            }
        };
        RangeLookup lookup = partition -> {
            if (lookupFails) {
                throw new KafkaException("no broker");
            }
            return new RangeLookup.Found(found, 0, false);
        };
        RangeCommitter committer = new RangeCommitter(
                (unit, whenDone) -> whenDone.accept(new CommitOutcome.Committed()), false, tally, letter -> {});
        return new RangeEvents(
                pipeline,
                pipeline,
                new RangeEvents.Range(range, lookup, progress, committer),
                tally,
                Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
                () -> done = true);
    }

    private RangeEvents begun() {
        RangeEvents events = events(TopicRange.ALL);
        events.assigned(Map.of(PARTITION, Optional.empty()), TOPIC);
        events.tick();
        return events;
    }

    private static void read(RangeEvents events, long... offsets) {
        for (long offset : offsets) {
            events.record(
                    Captures.record(PARTITION, offset, aStep("session", "step").build()));
        }
    }

    private ReplayTally.Partition told() {
        return tally.partitions().get(0);
    }

    @Test
    void fixesTheBoundsOfAPartitionThatNobodyHasBegunBeforeAnythingIsRead() {
        RangeEvents events = events(TopicRange.ALL);
        lookupFails = true;
        events.assigned(Map.of(PARTITION, Optional.empty()), TOPIC);
        events.tick();
        assertThat(events.mayRead(PARTITION)).isFalse();
        read(events, 12);
        assertThat(pipeline.records).isEmpty();

        RangeEvents again = begunAfterFailure();

        assertThat(again.mayRead(PARTITION)).isTrue();
        assertThat(again.takeRewinds()).containsEntry(PARTITION, 10L);
        assertThat(Bounds.read(kept.getOrDefault(PARTITION, new OffsetAndMetadata(0))))
                .hasValueSatisfying(marked -> {
                    assertThat(marked.bounds()).isEqualTo(new Bounds(10, 20));
                    assertThat(marked.position().offset()).isEqualTo(10);
                });
        assertThat(pipeline.assigned).containsKey(PARTITION);
    }

    private RangeEvents begunAfterFailure() {
        lookupFails = false;
        return begun();
    }

    @Test
    void goesOnWithinTheBoundsThatWereCommitted() {
        found = new Bounds(0, 1_000);
        OffsetAndMetadata inner = new OffsetAndMetadata(
                15, CommitMetadata.encode(TOPIC.topicId(), 15, OffsetRuns.NONE).orElseThrow());
        RangeEvents events = events(TopicRange.ALL);

        events.assigned(Map.of(PARTITION, Optional.of(new Bounds(10, 20).mark(inner))), TOPIC);
        read(events, 15, 19, 20);

        assertThat(pipeline.assigned).containsEntry(PARTITION, inner);
        assertThat(pipeline.records).containsExactly(15L, 19L);
    }

    @Test
    void refusesOffsetsThatNoJobHasCommittedAndThoseOfADeletedTopic() {
        OffsetAndMetadata foreign = new OffsetAndMetadata(15, "");
        String otherTopic = CommitMetadata.encode("AAAAAAAAAAAAAAAAAAAAKw", 15, OffsetRuns.NONE)
                .orElseThrow();
        OffsetAndMetadata old = new Bounds(10, 20).mark(new OffsetAndMetadata(15, otherTopic));

        assertThatThrownBy(() -> events(TopicRange.ALL).assigned(Map.of(PARTITION, Optional.of(foreign)), TOPIC))
                .isInstanceOf(TopicRefusedException.class)
                .hasMessageContaining("choose another --job");
        assertThatThrownBy(() -> events(TopicRange.ALL).assigned(Map.of(PARTITION, Optional.of(old)), TOPIC))
                .isInstanceOf(TopicRefusedException.class)
                .hasMessageContaining("deleted since");
    }

    @Test
    void endsAfterTheLastRecordOfTheRange() {
        RangeEvents events = begun();

        read(events, 10, 19, 20, 21);
        events.tick();
        assertThat(pipeline.leaving).contains(PARTITION);
        assertThat(events.mayRead(PARTITION)).isFalse();
        events.tick();
        events.tick();

        assertThat(pipeline.records).containsExactly(10L, 19L);
        assertThat(pipeline.skippedTo)
                .as("the committed offset shows that it is done")
                .isEqualTo(20);
        assertThat(done).isTrue();
        assertThat(told().done()).isTrue();
    }

    @Test
    void endsWhereOnlyMarkersOfTransactionsAreLeft() {
        RangeEvents events = begun();

        read(events, 18);
        events.wereAtEnd(Set.of(PARTITION), Duration.ofMillis(100));
        events.tick();
        events.tick();
        events.tick();

        assertThat(done).isTrue();
    }

    @Test
    void anEmptyRangeIsDoneAtOnce() {
        found = new Bounds(10, 10);
        RangeEvents events = begun();

        events.tick();
        events.tick();

        assertThat(done).isTrue();
        assertThat(pipeline.records).isEmpty();
    }

    @Test
    void doesNotEndWhileSomethingIsHeldBackOrNotCommitted() {
        RangeEvents events = begun();
        pipeline.holdsBack = true;
        read(events, 19);
        events.tick();
        assertThat(pipeline.leaving).isEmpty();

        pipeline.holdsBack = false;
        pipeline.drained = false;
        events.tick();
        events.tick();
        assertThat(pipeline.leaving).contains(PARTITION);
        assertThat(done).isFalse();
    }

    @Test
    void readsOnForTheRestOfACaptureThatBeganWithin() {
        RangeEvents events = begun();
        events.takeRewinds();
        pipeline.partial = 1;
        read(events, 19, 20, 21); // of these last two nobody can say yet what they are
        events.tick();

        assertThat(events.takeRewinds()).as("so they are read again").containsEntry(PARTITION, 20L);
        pipeline.continued.add(21L);
        read(events, 20, 21, 22);
        assertThat(pipeline.records).containsExactly(19L, 21L);
        pipeline.partial = 0;
        events.tick();
        events.tick();
        events.tick();

        assertThat(done).isTrue();
        assertThat(told().unfinished()).isZero();
    }

    @Test
    void givesUpACaptureWhoseRestIsNotThereAndLeavesItsOffsetOpen() {
        RangeEvents events = begun();
        pipeline.partial = 2;
        read(events, 19);
        events.tick();
        for (int i = 0; i < 10; i++) {
            assertThat(done).isFalse();
            events.wereAtEnd(Set.of(PARTITION), Duration.ofSeconds(1));
        }
        events.tick();
        events.tick();

        assertThat(done).isTrue();
        assertThat(told().unfinished()).isEqualTo(2);
        assertThat(pipeline.skippedTo).isEqualTo(-1);
    }

    @Test
    void recordsOfTheRangeThatComeAgainGoThrough() {
        RangeEvents events = begun();
        pipeline.partial = 1;
        read(events, 19);
        events.tick();
        events.takeRewinds();
        pipeline.rewinds.put(PARTITION, 12L);

        assertThat(events.takeRewinds()).containsEntry(PARTITION, 12L);
        read(events, 12);

        assertThat(pipeline.records).containsExactly(19L, 12L);
    }

    @Test
    void countsWhatRetentionRemovesMeanwhile() {
        RangeEvents events = begun();

        assertThat(events.removedBelow(PARTITION, 14)).isEqualTo(3);
        assertThat(told().removed()).isEqualTo(3);
        assertThat(pipeline.skippedTo).isEqualTo(14);

        assertThat(events.removedBelow(PARTITION, 1_000)).isEqualTo(3);
        assertThat(pipeline.skippedTo).as("what lies beyond is no loss").isEqualTo(20);
    }

    @Test
    void partitionsThatWereNotAskedForAreNotReadAndDoNotKeepItFromEnding() {
        found = new Bounds(10, 10);
        TopicPartition other = new TopicPartition("captures", 1);
        RangeEvents events = events(new TopicRange(
                new RangePoint.Earliest(), new RangePoint.Latest(), Optional.of(new TreeSet<>(Set.of(0)))));
        events.assigned(Map.of(PARTITION, Optional.empty(), other, Optional.empty()), TOPIC);
        events.tick();
        events.tick();
        events.tick();

        assertThat(events.mayRead(other)).isFalse();
        assertThat(pipeline.assigned).doesNotContainKey(other);
        assertThat(done).isTrue();
    }

    @Test
    void waitsWhileItIsAssignedNothing() {
        RangeEvents events = events(TopicRange.ALL);

        events.assigned(Map.of(), TOPIC);
        events.tick();

        assertThat(done).as("others may leave it something").isFalse();
    }

    @Test
    void commitsCarryTheBoundsAndLeaveDeadLettersOut() {
        List<CommitUnit> committed = new ArrayList<>();
        RangeCommitter committer = new RangeCommitter(
                (unit, whenDone) -> {
                    committed.add(unit);
                    whenDone.accept(new CommitOutcome.Recovered("why", unit.offsets()));
                },
                false,
                tally,
                letter -> {});
        committer.mark(PARTITION, new Bounds(10, 20));
        List<CommitOutcome> outcomes = new ArrayList<>();

        committer.commit(
                new CommitUnit(List.of(), List.of(), Map.of(PARTITION, new OffsetAndMetadata(12, "inner"))),
                outcomes::add);

        assertThat(committed.get(0).offsets())
                .containsEntry(PARTITION, new OffsetAndMetadata(12, "range1:10:20:inner"));
        assertThat(outcomes)
                .containsExactly(
                        new CommitOutcome.Recovered("why", Map.of(PARTITION, new OffsetAndMetadata(12, "inner"))));
    }
}
