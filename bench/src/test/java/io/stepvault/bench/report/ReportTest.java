package io.stepvault.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.stepvault.bench.run.Cell;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class ReportTest {
    private final BenchReport report = new BenchReport(
            new Machine("CPU <of> a & b", 2, 24_000_000_000L, "Linux", "JDK 17", 0.1),
            Instant.EPOCH,
            List.of(
                    new Comparison(
                            new Cell("180 KB", Duration.ZERO, false),
                            List.of(
                                    row("consume-only", 2.5, 3_000),
                                    row("lean-artifact", 5, 1_500),
                                    row("stepvault", 6, 1_200),
                                    new Row("camel", "Camel", "512m", 0, Map.of(), Optional.of("ended with 1")))),
                    new Comparison(
                            new Cell("2 KB", Duration.ZERO, false),
                            List.of(row("lean-artifact", 50, 10_000), row("stepvault", 60, 5_000)))),
            List.of(HalfLoadResult.of("Stepvault", 600, List.of(1.0, 2.0, 3.0, 6.5))));

    @Test
    void showsFiguresAndRatios() {
        assertThat(ReportText.lines(report))
                .anySatisfy(line -> assertThat(line).matches("Stepvault +256m +1,200 .* 6\\.00 +1\\.20 +2\\.40 .*"))
                .contains("Camel FAILED: ended with 1")
                .contains(
                        "180 KB captures, store at 0 ms, HTTP: CPU s/GB, worker / lean loop: 1.20, target <= 1.35: met")
                .contains("2 KB captures, store at 0 ms, HTTP: captures/s, worker / lean loop: 0.50, target >= 0.60:"
                        + " NOT met")
                .contains(
                        "Stepvault at half load: p99 in seconds, publish() to completion: 6.50, target <= 6: NOT met");
    }

    @Test
    void isNotCompleteIfSomeoneFailed() {
        assertThat(report.isComplete()).isFalse();
    }

    @Test
    void isWellFormedJson() throws IOException {
        StringBuilder values = new StringBuilder();
        try (JsonParser json = new JsonFactory().createParser(ReportJson.of(report))) {
            while (json.nextToken() != null) {
                values.append(json.getText()).append(' ');
            }
        }

        assertThat(values)
                .contains("cpu_seconds_per_gigabyte 6.0")
                .contains("failure ended with 1")
                .contains("CPU <of> a & b");
    }

    @Test
    void isAWellFormedPicture() throws Exception {
        Document picture = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(BarPlot.svg(report).getBytes(StandardCharsets.UTF_8)));

        assertThat(picture.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(picture.getElementsByTagName("rect").getLength())
                .as("two bars for each contender that was measured")
                .isEqualTo(10);
        assertThat(picture.getDocumentElement().getTextContent()).contains("CPU <of> a & b");
    }

    private static Row row(String id, double cpu, double captures) {
        Map<Metric, Double> medians = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            medians.put(metric, 0.0);
        }
        medians.put(Metric.CPU, cpu);
        medians.put(Metric.CAPTURES, captures);
        String name = id.equals("stepvault") ? "Stepvault" : id;
        return new Row(id, name, "256m", 3, medians, Optional.empty());
    }
}
