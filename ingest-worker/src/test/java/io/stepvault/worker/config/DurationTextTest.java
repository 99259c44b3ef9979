package io.stepvault.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
    @Property
    void anyDurationIsReadBackFromItsText(@ForAll long seconds, @ForAll @IntRange(max = 999_999_999) int nanos) {
        Duration duration = Duration.ofSeconds(seconds, nanos);

        assertThat(DurationText.parse(DurationText.format(duration))).isEqualTo(duration);
    }

    @Property
    void wholeUnitsAreReadBackFromTheirText(@ForAll @LongRange(max = 1_000_000) long amount, @ForAll TimeUnit unit) {
        Duration duration = Duration.of(amount, unit.toChronoUnit());

        assertThat(DurationText.parse(DurationText.format(duration))).isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT0.5S, 500ms",
        "PT5S, 5s",
        "PT1.5S, 1500ms",
        "PT90S, 90s",
        "PT2M, 2m",
        "PT24H, 24h",
        "PT25H, 25h",
        "P7D, 7d",
        "PT-5S, PT-5S",
        "PT0.0000005S, PT0.0000005S",
    })
    void isWrittenInTheLargestUnitThatFits(Duration duration, String text) {
        assertThat(DurationText.format(duration)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S",
        "5s, PT5S",
        "5 S, PT5S",
        "2m, PT2M",
        "24h, PT24H",
        "7d, P7D",
        "PT1M30S, PT1M30S",
        "pt5s, PT5S",
        "' 5s ', PT5S"
    })
    void readsTheSimpleAndTheIsoForm(String text, Duration duration) {
        assertThat(DurationText.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5x", "5sec", "-5s", "1.5s", "s", "1m30s", "PT"})
    void refusesWhatIsNoDurationAndSaysWhatToWrite(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DurationText.parse(text))
                .withMessageContaining("write 500ms, 5s, 2m, 24h or 7d");
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999999999999d", "999999999999999999h"})
    void refusesWhatCannotBeCounted(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DurationText.parse(text))
                .withMessageContaining("too long");
    }
}
