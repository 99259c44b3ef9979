package io.stepvault.storage.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {
    private static final int MAX = 64;

    private final AdaptiveLimit limit = new AdaptiveLimit(MAX);
    private final Deque<Long> inFlight = new ArrayDeque<>();

    private void fill() {
        while (inFlight.size() < limit.value()) {
            inFlight.add(limit.begin());
        }
    }

    private void succeed(int puts) {
        for (int i = 0; i < puts; i++) {
            fill();
            limit.succeeded(inFlight.element(), inFlight.size());
            inFlight.remove();
        }
    }

    private void overload(int puts) {
        for (int i = 0; i < puts; i++) {
            limit.overloaded(inFlight.remove());
        }
    }

    @Test
    void theManyRefusalsOfOneMomentCountOnce() {
        fill();
        overload(MAX);

        assertThat(limit.value()).isEqualTo(57);
    }

    @Test
    void fallsFurtherAndFasterWhileTheStoreStaysOverloaded() {
        int[] values = new int[6];
        for (int fall = 0; fall < values.length; fall++) {
            fill();
            overload(inFlight.size());
            values[fall] = limit.value();
        }

        assertThat(values).containsExactly(57, 42, 31, 23, 17, 12);
    }

    @Test
    void neverFallsBelowOneAndRisesFromThere() {
        for (int fall = 0; fall < 100; fall++) {
            fill();
            overload(inFlight.size());
        }
        assertThat(limit.value()).isEqualTo(1);

        succeed(49);
        assertThat(limit.value()).isEqualTo(1);
        succeed(1);
        assertThat(limit.value()).isEqualTo(2);
    }

    @Test
    void isAllTheWayUpAgainAfterAFewThousandPuts() {
        for (int fall = 0; fall < 100; fall++) {
            fill();
            overload(inFlight.size());
        }

        succeed(3_500);

        assertThat(limit.value()).isEqualTo(MAX);
    }

    @Test
    void whatBeganBeforeTheFallSaysNothingAboutTheNewLimit() {
        fill();
        overload(1);
        assertThat(limit.value()).isEqualTo(57);

        while (!inFlight.isEmpty()) {
            limit.succeeded(inFlight.remove(), MAX);
        }
        succeed(56);
        assertThat(limit.value()).isEqualTo(57);
        succeed(1);
        assertThat(limit.value()).isEqualTo(58);
    }

    @Test
    void doesNotRiseWhileItIsNotUsedUp() {
        fill();
        overload(MAX);

        for (int put = 0; put < 10_000; put++) {
            limit.succeeded(limit.begin(), limit.value() - 1);
        }

        assertThat(limit.value()).isEqualTo(57);
    }

    @Property
    void staysWithinBoundsWhateverIsAnswered(
            @ForAll @IntRange(min = 1, max = 1_000) int max, @ForAll @Size(max = 2_000) boolean[] overloads) {
        AdaptiveLimit any = new AdaptiveLimit(max);
        for (boolean overload : overloads) {
            int before = any.value();
            long put = any.begin();
            if (overload) {
                any.overloaded(put);
                assertThat(any.value()).isLessThanOrEqualTo(before).isGreaterThanOrEqualTo(before / 2);
            } else {
                any.succeeded(put, before);
                assertThat(any.value()).isBetween(before, before + 1);
            }
            assertThat(any.value()).isBetween(1, max);
        }
    }
}
