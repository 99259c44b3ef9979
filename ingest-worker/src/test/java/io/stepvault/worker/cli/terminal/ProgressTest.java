package io.stepvault.worker.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ProgressTest {
    @Test
    void showsCountBytesRateAndTimeLeft() {
        Progress half = new Progress("steps", 12, 24, 1 << 20, 2 << 20, Duration.ofSeconds(30));

        assertThat(half.text())
                .isEqualTo("12/24 steps  1.0 MiB of 2.0 MiB  35.0 KiB/s".replace("35.0", "34.1") + "  30 s left");
    }

    @Test
    void drawsABarWhereThereIsRoom() {
        Progress half = new Progress("steps", 1, 2, 512, 1_024, Duration.ZERO);

        assertThat(half.bar(60)).startsWith("[").contains("#").contains("-").endsWith(half.text());
        assertThat(half.bar(20)).isEqualTo("1/2 steps  512 B of");
    }

    @Test
    void saysHowLongItTookAtTheEnd() {
        Progress end = new Progress("steps", 2, 2, 1_024, 1_024, Duration.ofSeconds(2));

        assertThat(end.bar(100)).startsWith("[" + "#".repeat(40) + "]").endsWith("in 2.0 s");
    }

    @Property
    void neverIsWiderThanTheTerminal(
            @ForAll @IntRange(min = 1, max = 300) int columns,
            @ForAll @LongRange(min = 0, max = 1_000_000) long done,
            @ForAll @LongRange(min = 0, max = Long.MAX_VALUE / 2) long bytes) {
        Progress progress = new Progress("steps", done, 1_000_000, bytes, Long.MAX_VALUE / 2, Duration.ofMillis(7));

        assertThat(progress.bar(columns).length()).isLessThan(Math.max(2, columns));
    }
}
