package io.stepvault.bench.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.event.StepCapture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DataSetTest {
    private final DataSet data = new DataSet("test", 1_000, 500, 25, 10);

    @Test
    void isTheSameEveryTime() {
        assertThat(captures()).isEqualTo(captures());
    }

    @Test
    void hasSessionsInTurnsThatAllEnd() {
        List<StepCapture> captures = captures();

        assertThat(captures).hasSize(25);
        assertThat(captures.stream()
                        .filter(StepCapture::getEndOfSession)
                        .map(StepCapture::getSessionId)
                        .collect(Collectors.toSet()))
                .hasSize(10);
        assertThat(captures.stream()
                        .map(capture -> capture.getSessionId() + capture.getStepId())
                        .distinct())
                .as("no step twice")
                .hasSize(25);
    }

    @Test
    void hasTheSizesAskedFor() {
        assertThat(captures()).allSatisfy(capture -> {
            assertThat(capture.getHtml().orElseThrow().getData().remaining()).isEqualTo(1_000);
            assertThat(capture.getScreenshot().orElseThrow().getData().remaining())
                    .isEqualTo(500);
        });
    }

    private List<StepCapture> captures() {
        List<StepCapture> captures = new ArrayList<>();
        data.forEach(Instant.EPOCH, captures::add);
        return captures;
    }
}
