package io.stepvault.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GcLogTest {
    private static final List<String> SERIAL = List.of(
            "[0.004s] Using Serial",
            "[0.410s] GC(0) Pause Full (Metadata GC Threshold) 10M->4M(61M) 21.332ms",
            "[1.021s] GC(1) Pause Young (Allocation Failure) 24M->6M(61M) 8.520ms",
            "[9.500s] GC(2) Pause Full (Allocation Failure) 60M->30M(61M) 40.101ms");
    private static final List<String> G1 = List.of(
            "[0.5s] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 25M->5M(256M) 3.211ms",
            "[0.7s] GC(1) Concurrent Mark Cycle",
            "[0.8s] GC(1) Pause Remark 15M->15M(256M) 1.2ms",
            "[0.9s] GC(1) Pause Cleanup 16M->16M(256M) 0.1ms",
            "[0.9s] GC(1) Concurrent Mark Cycle 120.000ms");

    @Test
    void addsUpWhatEachCollectionFoundMoreThanTheLastHadLeft() {
        assertThat(GcLog.parse(SERIAL).allocatedBytes()).isEqualTo((10 + 20 + 54) << 20);
        assertThat(GcLog.parse(G1).allocatedBytes()).isEqualTo((25 + 10 + 1) << 20);
    }

    @Test
    void countsFullCollectionsAfterATime() {
        GcLog log = GcLog.parse(SERIAL);

        assertThat(log.fullAfter(0)).isEqualTo(2);
        assertThat(log.fullAfter(1)).isEqualTo(1);
        assertThat(log.fullAfter(10)).isZero();
    }

    @Test
    void isNothingForAnEmptyLog() {
        assertThat(GcLog.parse(List.of()).allocatedBytes()).isZero();
    }
}
