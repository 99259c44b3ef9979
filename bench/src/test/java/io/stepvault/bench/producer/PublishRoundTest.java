package io.stepvault.bench.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PublishRoundTest {
    @Test
    void isReadAsItWasWritten() {
        PublishRound round = new PublishRound(1234.5, 678.25);

        assertThat(PublishRound.parse(round.line())).isEqualTo(round);
    }

    @Test
    void refusesAnythingElse() {
        assertThatThrownBy(() -> PublishRound.parse("Exception in thread main"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Exception in thread main");
    }

    @Test
    void theMedianIsBetweenTheTwoInTheMiddle() {
        List<PublishRound> rounds =
                List.of(new PublishRound(4, 1), new PublishRound(1, 2), new PublishRound(9, 3), new PublishRound(2, 9));

        assertThat(PublishComparison.median(rounds, PublishRound::capturesPerSecond))
                .isEqualTo(3);
        assertThat(PublishComparison.median(rounds.subList(0, 3), PublishRound::cpuMicros))
                .isEqualTo(2);
    }
}
