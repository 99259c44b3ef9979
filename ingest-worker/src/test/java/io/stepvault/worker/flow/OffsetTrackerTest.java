package io.stepvault.worker.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
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
    private final Assignment assignment = new Assignment(new TopicPartition("step-captures", 0), "topic-id");

    @Test
    void nothingIsCommittableBeforeTheFirstDelivery() {
        assertThat(assignment.committable()).isEmpty();
        assertThat(assignment.isSettled()).isTrue();
    }

    @Test
    void committableStaysAtTheLowestUnsettledOffset() {
        TrackedOffset first = assignment.track(10);
        TrackedOffset second = assignment.track(11);

        second.done();
        assertThat(assignment.committable()).as("reading began there").isEmpty();

        first.done();
        assertThat(assignment.committable()).hasValue(12);
        assertThat(assignment.isSettled()).isTrue();
    }

    @Test
    void offsetsThatWereNeverDeliveredDoNotHoldUpTheOthers() {
        assignment.track(10).done();
        assignment.track(15).done(); // 11 to 14: transaction markers, aborted records

        assertThat(assignment.committable()).hasValue(16);
    }

    @Test
    void anOffsetDeliveredTwiceIsRefused() {
        assignment.track(10);

        assertThatThrownBy(() -> assignment.track(10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("offset 10 delivered again; expected 11");
    }

    @Property
    void committableNeverPassesAnUnsettledOffsetNorGoesBack(
            @ForAll @Size(min = 1, max = 60) Set<@LongRange(min = 0, max = 200) Long> delivered,
            @ForAll Random random) {
        Assignment fresh = new Assignment(new TopicPartition("step-captures", 0), "topic-id");
        List<TrackedOffset> unsettled = new ArrayList<>();
        TreeSet<Long> model = new TreeSet<>(); // the offsets not settled yet
        List<Long> toDeliver = new ArrayList<>(new TreeSet<>(delivered));
        long first = toDeliver.get(0);
        long last = -1;
        long before = -1;

        while (!toDeliver.isEmpty() || !unsettled.isEmpty()) {
            if (!toDeliver.isEmpty() && random.nextBoolean()) {
                last = toDeliver.remove(0);
                unsettled.add(fresh.track(last));
                model.add(last);
            } else if (!unsettled.isEmpty()) {
                TrackedOffset done = unsettled.remove(random.nextInt(unsettled.size()));
                done.done();
                model.remove(done.offset());
            }

            OptionalLong committable = fresh.committable();
            long expected = model.isEmpty() ? last + 1 : model.first();
            if (last < 0 || expected == first) {
                assertThat(committable).isEmpty();
            } else {
                assertThat(committable).hasValue(expected);
                assertThat(committable.getAsLong()).isGreaterThanOrEqualTo(before);
                before = committable.getAsLong();
            }
            assertThat(fresh.isSettled()).isEqualTo(model.isEmpty());
        }
    }
}
