package io.stepvault.worker.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AmountsTest {
    @Test
    void writesBytesInTheUnitThatFits() {
        assertThat(Amounts.bytes(0)).isEqualTo("0 B");
        assertThat(Amounts.bytes(1_023)).isEqualTo("1023 B");
        assertThat(Amounts.bytes(1_024)).isEqualTo("1.0 KiB");
        assertThat(Amounts.bytes((1 << 20) - 1)).isEqualTo("1.0 MiB");
        assertThat(Amounts.bytes(3L << 29)).isEqualTo("1.5 GiB");
        assertThat(Amounts.bytes(Long.MAX_VALUE)).isEqualTo("8.0 EiB");
    }

    @Test
    void writesDurationsAsPreciselyAsTheyAreLong() {
        assertThat(Amounts.duration(Duration.ofMillis(440))).isEqualTo("0.4 s");
        assertThat(Amounts.duration(Duration.ofMillis(12_900))).isEqualTo("12 s");
        assertThat(Amounts.duration(Duration.ofSeconds(185))).isEqualTo("3 min 05 s");
        assertThat(Amounts.duration(Duration.ofHours(2))).isEqualTo("2 h 00 min");
        assertThat(Amounts.duration(Duration.ofDays(7))).isEqualTo("7 d 00 h");
        assertThat(Amounts.duration(Duration.ofSeconds(-3))).isEqualTo("0.0 s");
    }

    @Test
    void countsOneAndMany() {
        assertThat(Amounts.count(1, "step")).isEqualTo("1 step");
        assertThat(Amounts.count(0, "step")).isEqualTo("0 steps");
    }
}
