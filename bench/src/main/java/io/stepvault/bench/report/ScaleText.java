package io.stepvault.bench.report;

import io.stepvault.bench.run.DrainResult;
import io.stepvault.bench.run.ScalePoint;
import io.stepvault.worker.cli.terminal.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A series as a table: filled point by point, shown at the end. Used by one thread. */
public final class ScaleText {
    private final Table table;

    /** An empty one. */
    public ScaleText(String title) {
        table = new Table().numbers(title).column("heap").numbers("captures").numbers("CPU ms/capture");
        for (Metric metric : Metric.values()) {
            table.numbers(metric.heading());
        }
    }

    /** What was measured. */
    public void add(ScalePoint point, DrainResult result) {
        List<String> cells = new ArrayList<>(List.of(
                point.label(),
                point.heap(),
                String.format(Locale.ROOT, "%,d", point.data().captures()),
                String.format(
                        Locale.ROOT,
                        "%.2f",
                        1_000 * result.last().cpuSeconds() / result.last().captures())));
        for (Metric metric : Metric.values()) {
            cells.add(metric.text(metric.of(result)));
        }
        table.row(cells.toArray(String[]::new));
    }

    /** All so far. */
    public List<String> lines() {
        return table.lines();
    }
}
