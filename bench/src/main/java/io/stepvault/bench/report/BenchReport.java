package io.stepvault.bench.report;

import java.time.Instant;
import java.util.List;

/**
 * All that a benchmark has found.
 *
 * @param begun when it began
 * @param comparisons one for each set of conditions
 * @param halfLoads times until captures are announced; may be empty
 */
public record BenchReport(
        Machine machine, Instant begun, List<Comparison> comparisons, List<HalfLoadResult> halfLoads) {

    /** Whether every round of every contender was measured. */
    public boolean isComplete() {
        return comparisons.stream()
                .flatMap(comparison -> comparison.rows().stream())
                .allMatch(row -> row.failure().isEmpty());
    }
}
