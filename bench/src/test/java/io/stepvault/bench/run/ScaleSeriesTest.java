package io.stepvault.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScaleSeriesTest {
    private final List<ScaleSeries> all = ScaleSeries.all(500_000_000, 1_000_000, 20_000_000_000L);

    @Test
    void growsOneThingAtATime() {
        assertThat(labels("sessions")).containsExactly("10", "100", "1,000", "10,000", "100,000", "1,000,000");
        assertThat(labels("sizes")).containsExactly("2 KB", "20 KB", "180 KB", "1 MiB", "8 MiB", "32 MiB", "64 MiB");
        assertThat(labels("partitions")).containsExactly("1", "4", "16", "64");
        assertThat(labels("backlog")).containsExactly("0.5 GB", "2.0 GB", "20.0 GB");
    }

    @Test
    void hasACaptureForEachSessionAndNoLessThanWasAskedFor() {
        assertThat(all).flatExtracting(ScaleSeries::points).allSatisfy(point -> {
            assertThat(point.data().captures())
                    .isGreaterThanOrEqualTo(point.data().sessions());
            assertThat((long) point.data().captures() * point.data().artifactBytes())
                    .isGreaterThan(450_000_000);
        });
    }

    @Test
    void givesMoreHeapOnlyToTheLargest() {
        assertThat(all)
                .flatExtracting(ScaleSeries::points)
                .filteredOn(point -> !point.heap().equals("256m"))
                .extracting(ScalePoint::label)
                .containsExactly("64 MiB");
    }

    private List<String> labels(String name) {
        return all.stream()
                .filter(series -> series.name().equals(name))
                .flatMap(series -> series.points().stream())
                .map(ScalePoint::label)
                .toList();
    }
}
