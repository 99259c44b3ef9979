package io.stepvault.bench.report;

import io.stepvault.bench.run.Cell;
import java.util.List;
import java.util.Optional;

/** What all contenders did under the same conditions. */
public record Comparison(Cell cell, List<Row> rows) {
    /** The contender's row, if it took part. */
    public Optional<Row> row(String id) {
        return rows.stream().filter(row -> row.id().equals(id)).findFirst();
    }

    /** A contender's median divided by another's, if both were measured and the other is not 0. */
    public Optional<Double> ratio(Metric metric, String id, String reference) {
        Optional<Double> divisor =
                row(reference).flatMap(row -> row.median(metric)).filter(value -> value > 0);
        return row(id).flatMap(row -> row.median(metric)).flatMap(value -> divisor.map(other -> value / other));
    }
}
