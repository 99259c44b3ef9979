package io.stepvault.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.bench.stub.StubCounts;
import org.junit.jupiter.api.Test;

class DrainResultTest {
    @Test
    void takesRatesFromTheFirstCommitOn() {
        DrainResult result = result(new Sample(2, 100, 3));

        assertThat(result.capturesPerSecond()).isEqualTo(100);
        assertThat(result.megabytesPerSecond()).isEqualTo(100);
        assertThat(result.steadyCpuSecondsPerGigabyte()).isEqualTo(5 / 0.9);
    }

    @Test
    void takesRatesFromTheStartIfLittleIsLeftAfterTheFirstCommit() {
        DrainResult result = result(new Sample(10, 501, 7));

        assertThat(result.capturesPerSecond()).isEqualTo(1_000 / 11.0);
        assertThat(result.steadyCpuSecondsPerGigabyte()).isEqualTo(8);
    }

    @Test
    void takesEverythingElseFromTheStart() {
        DrainResult result = result(new Sample(2, 100, 3));

        assertThat(result.cpuSecondsPerGigabyte()).isEqualTo(8);
        assertThat(result.requestsPerThousand()).isEqualTo(3_010);
        assertThat(result.garbagePerCapture()).isEqualTo(2_000_000);
    }

    private static DrainResult result(Sample first) {
        return new DrainResult(
                first,
                new Sample(11, 1_000, 8),
                1e6,
                300 << 20,
                new StubCounts(3_000, 10, 1_000_000_000, 0, 0),
                new DrainResult.Garbage(2_000_000_000, 0));
    }
}
