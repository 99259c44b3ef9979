package io.stepvault.worker.flow;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.worker.flow.OffsetRuns.Run;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OffsetTrackerTest {
    private static final TopicPartition P0 = new TopicPartition("step-captures", 0);

    private final Assignment assignment = new Assignment(P0, "topic-id");

    private TrackedOffset deliver(long offset) {
        return assignment.deliver(offset).orElseThrow();
    }

    @Test
    void nothingIsCommittableBeforeTheFirstDelivery() {
        assertThat(assignment.committable()).isEmpty();
        assertThat(assignment.unsettled()).isZero();
    }

    @Test
    void committableStaysAtTheLowestUnsettledOffset() {
        TrackedOffset first = deliver(10);
        TrackedOffset second = deliver(11);

        second.done();
        assertThat(assignment.committable()).as("reading began there").isEmpty();
        assertThat(assignment.settledBeyond()).isEqualTo(runs(new Run(11, 11)));

        first.done();
        assertThat(assignment.committable()).hasValue(12);
        assertThat(assignment.settledBeyond()).isEqualTo(OffsetRuns.NONE);
    }

    @Test
    void offsetsThatWereNeverDeliveredDoNotHoldUpTheOthers() {
        TrackedOffset first = deliver(10);
        deliver(15).done(); // 11 to 14: transaction markers, aborted records
        deliver(20).done();
        assertThat(assignment.settledBeyond()).isEqualTo(runs(new Run(15, 20)));

        first.done();

        assertThat(assignment.committable()).hasValue(21);
    }

    @Test
    void anOffsetDeliveredTwiceIsToBeSkipped() {
        TrackedOffset first = deliver(10);
        assertThat(assignment.deliver(10)).isEmpty();

        first.done();

        assertThat(assignment.deliver(10)).isEmpty();
        assertThat(assignment.deliver(9)).as("committed").isPresent();
    }

    @Test
    void whatWasSettledBeyondTheCommittedOffsetIsSkipped() {
        Assignment next = new Assignment(P0, "topic-id", 10, runs(new Run(12, 13)));

        assertThat(next.deliver(10)).isPresent();
        assertThat(next.deliver(11)).isPresent();
        assertThat(next.deliver(12)).isEmpty();
        assertThat(next.deliver(13)).isEmpty();
        assertThat(next.deliver(14)).isPresent();
        assertThat(next.deliver(9)).isEmpty();
        assertThat(next.committable()).isEmpty();
    }

    @Test
    void adoptedOffsetsAreSkippedAndHoldTheOthersUp() {
        Assignment next = new Assignment(P0, "topic-id", 10, OffsetRuns.NONE);
        List<TrackedOffset> adopted = next.adopt(List.of(11L, 13L), "s1").orElseThrow();

        next.deliver(10).orElseThrow().done();
        assertThat(next.deliver(11)).isEmpty();
        next.deliver(12).orElseThrow().done();
        assertThat(next.deliver(13)).isEmpty();
        assertThat(next.committable()).hasValue(11);

        adopted.forEach(TrackedOffset::done);
        assertThat(next.committable()).hasValue(14);
    }

    @Test
    void nothingIsAdoptedOfWhichAPartIsSettled() {
        Assignment next = new Assignment(P0, "topic-id", 10, runs(new Run(12, 13)));

        assertThat(next.adopt(List.of(11L, 12L), "s1")).isEmpty();
        assertThat(next.adopt(List.of(9L, 11L), "s1")).isEmpty();
        assertThat(next.adopt(List.of(11L, 14L), "s1")).isPresent();
        assertThat(next.adopt(List.of(14L, 15L), "s1"))
                .as("answered for already")
                .isEmpty();
    }

    @Test
    void whatIsGivenUpIsReadAgainAndNothingElse() {
        TrackedOffset lost = deliver(10);
        deliver(11).done();
        TrackedOffset kept = deliver(12);

        lost.readAgain();
        assertThat(assignment.takeRewind()).hasValue(10);
        assertThat(assignment.takeRewind()).isEmpty();

        TrackedOffset again = deliver(10);
        assertThat(assignment.deliver(11)).isEmpty();
        assertThat(assignment.deliver(12)).isEmpty();
        lost.done(); // says nothing any more
        kept.done();
        assertThat(assignment.committable()).isEmpty();
        again.done();
        assertThat(assignment.committable()).hasValue(13);
    }

    @Test
    void aReaderThatHasGoneBackFurtherIsNotSentOn() {
        TrackedOffset first = deliver(10);
        TrackedOffset second = deliver(11);
        first.readAgain();
        assertThat(assignment.takeRewind()).hasValue(10);

        second.readAgain();

        assertThat(assignment.takeRewind()).as("it comes by").isEmpty();
        assertThat(assignment.deliver(10)).isPresent();
        assertThat(assignment.deliver(11)).isPresent();
        assertThat(assignment.takeLost()).isZero();
    }

    @Test
    void aReaderThatHasNotComeSoFarIsNotSentOn() {
        Assignment next = new Assignment(P0, "topic-id", 10, OffsetRuns.NONE);
        next.adopt(List.of(12L), "s1").orElseThrow().get(0).readAgain();

        assertThat(next.takeRewind()).isEmpty();

        assertThat(next.deliver(10)).isPresent();
        assertThat(next.deliver(11)).isPresent();
        assertThat(next.deliver(12)).isPresent();
    }

    @Test
    void whatIsGoneWhenItIsReadAgainIsLostAndCounted() {
        TrackedOffset lost = deliver(10);
        deliver(11).done();
        lost.readAgain();
        assertThat(assignment.takeRewind()).isPresent();

        assertThat(assignment.deliver(11)).isEmpty();

        assertThat(assignment.takeLost()).isOne();
        assertThat(assignment.takeLost()).isZero();
        assertThat(assignment.committable()).hasValue(12);
    }

    @Test
    void whatRetentionRemovesIsLostUnlessSomebodyAnswersForIt() {
        Assignment next = new Assignment(P0, "topic-id", 10, runs(new Run(12, 13)));
        assertThat(next.adopt(List.of(15L), "s1")).isPresent();

        assertThat(next.removedBelow(20)).as("10, 11, 14, 16 to 19").isEqualTo(7);

        assertThat(next.position()).isEqualTo(20);
        assertThat(next.committable()).hasValue(15);
        assertThat(next.removedBelow(20)).isZero();
    }

    /** Against a model that knows of each offset what it is. */
    @Property
    void tellsWhatIsSettledWhateverTheOrder(
            @ForAll @Size(min = 1, max = 60) Set<@LongRange(min = 5, max = 200) Long> onTopic, @ForAll Random random) {
        List<Long> topic = new ArrayList<>(new TreeSet<>(onTopic));
        TreeSet<Long> settled = new TreeSet<>();
        topic.stream().filter(offset -> random.nextInt(4) == 0).forEach(settled::add);
        Assignment fresh = new Assignment(P0, "topic-id", 0, OffsetRuns.NONE.with(settled));
        Map<Long, TrackedOffset> unsettled = new HashMap<>();
        TreeSet<Long> givenUp = new TreeSet<>();
        int reader = 0;
        long position = 0;
        long before = -1;

        for (int step = 0; step < 300; step++) {
            int choice = random.nextInt(10);
            if (choice < 5 && reader < topic.size()) {
                long offset = topic.get(reader++);
                boolean known =
                        settled.contains(offset) || (unsettled.containsKey(offset) && !givenUp.contains(offset));
                var handle = fresh.deliver(offset);
                assertThat(handle.isEmpty()).isEqualTo(known);
                handle.ifPresent(taken -> unsettled.put(offset, taken));
                givenUp.remove(offset);
                position = Math.max(position, offset + 1);
            } else if (choice < 8 && !unsettled.isEmpty()) {
                List<Long> open = new ArrayList<>(unsettled.keySet());
                long offset = open.get(random.nextInt(open.size()));
                if (!givenUp.contains(offset)) {
                    requireNonNull(unsettled.remove(offset)).done();
                    settled.add(offset);
                }
            } else if (choice == 8 && !unsettled.isEmpty()) {
                List<Long> open = new ArrayList<>(unsettled.keySet());
                long offset = open.get(random.nextInt(open.size()));
                requireNonNull(unsettled.get(offset)).readAgain();
                givenUp.add(offset);
            } else {
                OptionalLong rewind = fresh.takeRewind();
                if (rewind.isPresent()) {
                    reader = topic.indexOf(rewind.getAsLong());
                }
            }
            // The reader goes back before it reads on.
            OptionalLong rewind = fresh.takeRewind();
            if (rewind.isPresent()) {
                reader = topic.indexOf(rewind.getAsLong());
            }

            long expected = position;
            while (settled.contains(expected)) {
                expected++;
            }
            for (long lowest : unsettled.keySet()) {
                expected = Math.min(expected, lowest);
            }
            assertThat(fresh.committable().orElse(0)).isEqualTo(expected);
            assertThat(fresh.committable().orElse(0)).isGreaterThanOrEqualTo(before);
            before = fresh.committable().orElse(0);
            OffsetRuns beyond = fresh.settledBeyond();
            for (long offset : topic) {
                if (offset >= before) {
                    assertThat(beyond.contains(offset)).isEqualTo(settled.contains(offset));
                }
            }
            assertThat(fresh.unsettled()).isEqualTo(unsettled.size() - givenUp.size());
            assertThat(fresh.takeLost()).isZero();
        }
    }

    private static OffsetRuns runs(Run... runs) {
        return new OffsetRuns(List.of(runs));
    }
}
