package io.stepvault.storage.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PaceTest {
    /** Time that passes when a test says so. */
    private static final class HandClock extends Clock {
        private Instant now = Instant.EPOCH;

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private record Begun(Instant at, long bytes) {}

    @Property
    void overAnyWhileNoMoreIsBegunThanWasSaid(
            @ForAll @IntRange(min = 1, max = 1_000) int requests,
            @ForAll @IntRange(min = 1, max = 10_000) int bytes,
            @ForAll @Size(min = 1, max = 50) List<@LongRange(min = 0, max = 100_000) Long> sizes,
            @ForAll @Size(min = 50, max = 50) List<@IntRange(min = 0, max = 500) Integer> pauses) {
        HandClock clock = new HandClock();
        Pace pace = new Pace(requests, bytes, clock);
        List<Begun> begun = new ArrayList<>();

        for (int i = 0; i < sizes.size(); i++) {
            clock.now = clock.now.plusMillis(pauses.get(i));
            begun.add(new Begun(clock.now.plus(pace.reserve(sizes.get(i))), sizes.get(i)));
        }

        for (int first = 0; first < begun.size(); first++) {
            long sent = 0;
            for (int next = first + 1; next < begun.size(); next++) {
                sent += begun.get(next - 1).bytes;
                double seconds = Duration.between(begun.get(first).at, begun.get(next).at)
                                .toNanos()
                        / 1e9;
                assertThat(seconds).isGreaterThanOrEqualTo((next - first) / (double) requests - 1e-6);
                assertThat(seconds).isGreaterThanOrEqualTo(sent / (double) bytes - 1e-6);
            }
        }
    }

    @Test
    void whoeverComesLaterThanItsTurnDoesNotWait() {
        HandClock clock = new HandClock();
        Pace pace = new Pace(10, Double.POSITIVE_INFINITY, clock);

        assertThat(pace.reserve(1 << 30)).isZero();
        assertThat(pace.reserve(0)).isEqualTo(Duration.ofMillis(100));
        clock.now = clock.now.plusSeconds(60);
        assertThat(pace.reserve(0)).isZero();
        assertThat(pace.reserve(0)).as("what was not used is not saved up").isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void refusesToStandStill() {
        assertThatThrownBy(() -> new Pace(0, 1, Clock.systemUTC())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Pace(1, Double.NaN, Clock.systemUTC()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
