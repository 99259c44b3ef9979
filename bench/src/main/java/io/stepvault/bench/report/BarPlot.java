package io.stepvault.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A report as a picture: for each comparison a bar per contender for its CPU seconds per gigabyte, and one for its
 * captures per second. Without a background, in colours that can be read on a light page and on a dark one.
 */
public final class BarPlot {
    private static final int NAMES = 250;
    private static final int PANEL = 225;
    private static final int NUMBERS = 65;
    private static final int WIDTH = NAMES + 2 * (PANEL + NUMBERS);
    private static final int ROW = 22;
    private static final int BAR = 14;
    private static final int HEAD = 50;
    private static final int GAP = 14;
    private static final String TEXT = "#7d8590";
    private static final String OURS = "#2f81f7";
    private static final String OTHERS = "#8c959f";

    private BarPlot() {}

    /** A document of SVG 1.1. */
    public static String svg(BenchReport report) {
        StringBuilder body = new StringBuilder();
        int y = 0;
        for (Comparison comparison : report.comparisons()) {
            y = draw(body, comparison, y);
        }
        text(body, 0, y + 14, 11, "start", report.machine().line());
        y += 24;
        return String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\""
                        + " font-family=\"system-ui, sans-serif\" fill=\"%s\">%n<title>CPU seconds per gigabyte and captures"
                        + " per second of each contender</title>%n%s</svg>%n",
                WIDTH,
                y,
                WIDTH,
                y,
                TEXT,
                body);
    }

    private static int draw(StringBuilder body, Comparison comparison, int top) {
        List<Row> rows =
                comparison.rows().stream().filter(row -> row.rounds() > 0).toList();
        text(body, 0, top + 16, 14, "start", comparison.cell().title());
        text(body, NAMES, top + 36, 12, "start", "CPU seconds per GB (less is better)");
        text(body, NAMES + PANEL + NUMBERS, top + 36, 12, "start", "captures per second (more is better)");
        int y = top + HEAD;
        for (Row row : rows) {
            text(body, NAMES - 8, y + 11, 12, "end", row.name());
            bar(body, NAMES, y, rows, row, Metric.CPU);
            bar(body, NAMES + PANEL + NUMBERS, y, rows, row, Metric.CAPTURES);
            y += ROW;
        }
        return y + GAP;
    }

    private static void bar(StringBuilder body, int x, int y, List<Row> rows, Row row, Metric metric) {
        double most = rows.stream()
                .map(other -> other.median(metric))
                .flatMap(Optional::stream)
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(1);
        double value = row.median(metric).orElse(0.0);
        int length = Math.max(1, (int) Math.round(PANEL * value / most));
        body.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"2\" fill=\"%s\"/>%n",
                x,
                y,
                length,
                BAR,
                row.id().startsWith(Target.WORKER) ? OURS : OTHERS));
        text(body, x + length + 6, y + 11, 12, "start", metric.text(value));
    }

    private static void text(StringBuilder body, int x, int y, int size, String anchor, String text) {
        body.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" font-size=\"%d\" text-anchor=\"%s\">%s</text>%n",
                x,
                y,
                size,
                anchor,
                text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")));
    }
}
