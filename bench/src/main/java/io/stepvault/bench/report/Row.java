package io.stepvault.bench.report;

import io.stepvault.bench.run.Contender;
import io.stepvault.bench.run.DrainResult;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a contender did in all rounds of a comparison.
 *
 * @param rounds that were measured
 * @param medians of each metric over them; empty if there are none
 * @param failure of a round, if one failed
 */
public record Row(
        String id, String name, String heap, int rounds, Map<Metric, Double> medians, Optional<String> failure) {

    /** Puts a contender's rounds together. */
    public static Row of(Contender contender, List<DrainResult> results, Optional<String> failure) {
        Map<Metric, Double> medians = new EnumMap<>(Metric.class);
        if (!results.isEmpty()) {
            for (Metric metric : Metric.values()) {
                medians.put(
                        metric,
                        Medians.median(results.stream().mapToDouble(metric::of).toArray()));
            }
        }
        return new Row(contender.id(), contender.name(), contender.heap(), results.size(), medians, failure);
    }

    /** The median, if it was measured. */
    public Optional<Double> median(Metric metric) {
        return Optional.ofNullable(medians.get(metric));
    }
}
