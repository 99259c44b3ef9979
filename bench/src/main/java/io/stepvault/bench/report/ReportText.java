package io.stepvault.bench.report;

import io.stepvault.worker.cli.terminal.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A report for people, as lines of text. */
public final class ReportText {
    private static final String FLOOR = "consume-only";

    private ReportText() {}

    /** The machine, a table for each comparison, times at half load, and the targets. */
    public static List<String> lines(BenchReport report) {
        List<String> lines = new ArrayList<>();
        lines.add(report.machine().line());
        if (report.machine().isBusy()) {
            lines.add("The machine was busy with other work: take the figures as rough.");
        }
        for (Comparison comparison : report.comparisons()) {
            lines.add("");
            lines.add(comparison.cell().title());
            lines.addAll(table(comparison).lines());
            for (Row row : comparison.rows()) {
                row.failure().ifPresent(why -> lines.add(row.name() + " FAILED: " + why));
            }
        }
        if (!report.halfLoads().isEmpty()) {
            lines.add("");
            lines.add("publish() to completion event, at half load");
            lines.addAll(halfLoads(report.halfLoads()).lines());
        }
        List<Target> targets = Target.of(report);
        if (!targets.isEmpty()) {
            lines.add("");
            lines.add("Targets");
            targets.forEach(target -> lines.add(target.line()));
        }
        return lines;
    }

    private static Table table(Comparison comparison) {
        Table table = new Table().column("contender").column("heap");
        for (Metric metric : Metric.values()) {
            table.numbers(metric.heading());
            if (metric == Metric.CPU) {
                table.numbers("/ lean").numbers("/ consume");
            }
        }
        for (Row row : comparison.rows()) {
            List<String> cells = new ArrayList<>(List.of(row.name(), row.heap()));
            for (Metric metric : Metric.values()) {
                cells.add(row.median(metric).map(metric::text).orElse("-"));
                if (metric == Metric.CPU) {
                    cells.add(ratio(comparison.ratio(metric, row.id(), Target.REFERENCE)));
                    cells.add(ratio(comparison.ratio(metric, row.id(), FLOOR)));
                }
            }
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    private static Table halfLoads(List<HalfLoadResult> results) {
        Table table = new Table()
                .column("contender")
                .numbers("captures/s")
                .numbers("captures")
                .numbers("p50 s")
                .numbers("p99 s");
        for (HalfLoadResult result : results) {
            table.row(
                    result.name(),
                    String.format(Locale.ROOT, "%,.0f", result.rate()),
                    String.format(Locale.ROOT, "%,d", result.captures()),
                    String.format(Locale.ROOT, "%.2f", result.p50Seconds()),
                    String.format(Locale.ROOT, "%.2f", result.p99Seconds()));
        }
        return table;
    }

    private static String ratio(Optional<Double> ratio) {
        return ratio.map(value -> String.format(Locale.ROOT, "%.2f", value)).orElse("-");
    }
}
