package io.stepvault.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ProcessUsageTest {
    private static final String STAT =
            "4711 (java (odd) name) S 1 4711 4711 0 -1 4194560 100 0 0 0 1234 66 9 9 20 0 33";

    @Test
    void addsTimeInUserModeAndInTheKernel() throws IOException {
        ProcessUsage usage = ProcessUsage.parse(STAT, "Name:\tjava\nVmHWM:\t  204800 kB\nVmRSS:\t  100 kB\n");

        assertThat(usage).isEqualTo(new ProcessUsage(13.0, 200 << 20));
    }

    @Test
    void refusesAProcessThatHasEnded() {
        assertThatThrownBy(() -> ProcessUsage.parse(STAT, "Name:\tjava\nState:\tZ (zombie)\n"))
                .isInstanceOf(IOException.class);
    }
}
