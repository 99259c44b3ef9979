package io.stepvault.embedded.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FaultDiceTest {
    private static List<Optional<S3Fault>> roll(FaultDice dice, int times) {
        return IntStream.range(0, times).mapToObj(time -> dice.roll()).toList();
    }

    @Test
    void nothingGoesWrongUnlessToldSo() {
        FaultDice dice = new FaultDice(1);

        assertThat(roll(dice, 100)).containsOnly(Optional.empty());
        assertThat(dice.hits()).isEmpty();
    }

    @Test
    void theSameSeedDrawsTheSame() {
        FaultDice one = new FaultDice(7);
        FaultDice other = new FaultDice(7);
        one.load(Map.of(S3Fault.SLOW_DOWN, 0.5));
        other.load(Map.of(S3Fault.SLOW_DOWN, 0.5));

        assertThat(roll(one, 100)).isEqualTo(roll(other, 100)).contains(Optional.empty());
    }

    @Test
    void drawsAboutTheShareAndCounts() {
        FaultDice dice = new FaultDice(3);
        dice.load(Map.of(S3Fault.SLOW_DOWN, 0.25));

        List<Optional<S3Fault>> rolled = roll(dice, 10_000);

        long hit = rolled.stream().filter(Optional::isPresent).count();
        assertThat(hit).isBetween(2_300L, 2_700L);
        assertThat(dice.hits()).isEqualTo(Map.of("503 SlowDown", hit));
    }

    @Test
    void refusesSharesOfMoreThanAll() {
        FaultDice dice = new FaultDice(1);

        assertThatThrownBy(() -> dice.load(Map.of(S3Fault.SLOW_DOWN, 0.6, S3Fault.INTERNAL_ERROR, 0.6)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 1");
        assertThatThrownBy(() -> dice.load(Map.of(S3Fault.SLOW_DOWN, -0.1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("503 SlowDown");
    }
}
