package io.stepvault.worker.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/** Rows under headings, in columns as wide as they need to be. Not thread-safe: made, filled and shown in one method. */
public final class Table {
    private static final String GAP = "  ";

    /** A column: its heading, and whether its cells stand to the right, as numbers do. */
    private record Column(String heading, boolean toTheRight) {}

    private final List<Column> columns = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    /** A column of text. */
    public Table column(String heading) {
        columns.add(new Column(heading, false));
        return this;
    }

    /** A column of numbers. */
    public Table numbers(String heading) {
        columns.add(new Column(heading, true));
        return this;
    }

    /** A row with a cell for each column. Cells may hold any text; they are escaped here. */
    public Table row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(
                    "a row of " + cells.length + " cells in a table of " + columns.size() + " columns");
        }
        List<String> row = new ArrayList<>();
        for (String cell : cells) {
            row.add(Printable.escape(cell));
        }
        rows.add(row);
        return this;
    }

    /** Headings and rows as lines without blanks at their ends; nothing if there are no rows. */
    public List<String> lines() {
        if (rows.isEmpty()) {
            return List.of();
        }
        int[] widths = columns.stream()
                .mapToInt(column -> Printable.width(column.heading()))
                .toArray();
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], Printable.width(row.get(i)));
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(columns.stream().map(Column::heading).toList(), widths));
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines;
    }

    private String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - Printable.width(cells.get(i)));
            line.append(i == 0 ? "" : GAP);
            line.append(columns.get(i).toTheRight() ? padding + cells.get(i) : cells.get(i) + padding);
        }
        return line.toString().stripTrailing();
    }
}
