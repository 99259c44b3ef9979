package io.stepvault.devkit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetersTest {
    @Test
    void sumsUpAMeterOverItsLabels() {
        Meters meters = Meters.parse("""
                # HELP stepvault_records_consumed_total Records read from the topic
                # TYPE stepvault_records_consumed_total counter
                stepvault_records_consumed_total 1234.0
                stepvault_dead_letters_total{reason="null-value"} 2.0
                stepvault_dead_letters_total{reason="unknown schema"} 3.0
                stepvault_spool_used_bytes 1.5E7
                jvm_gc_max_data_size_bytes NaN
                """);

        assertThat(meters.consumed()).isEqualTo(1_234);
        assertThat(meters.value("stepvault_dead_letters_total")).isEqualTo(5);
        assertThat(meters.spoolBytes()).isEqualTo(15_000_000);
        assertThat(meters.paused()).isZero();
    }
}
