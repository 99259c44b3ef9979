package io.stepvault.bench.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What Stepvault wants to be, and what it was.
 *
 * @param what is measured
 * @param value that it had
 * @param limit that it should keep
 * @param isMost whether the limit is the most, or else the least
 */
public record Target(String what, double value, double limit, boolean isMost) {
    /** The worker that the targets are about: its default. */
    public static final String WORKER = "stepvault";

    /** The contender that it is compared with: one request for each object that it stores. */
    public static final String REFERENCE = "lean-artifact";

    private static final double MOST_RESIDENT_MEGABYTES = 450;

    /** The worker's default: how long a capture may wait for others of its session. */
    public static final Duration BATCH_MAX_AGE = Duration.ofSeconds(5);

    /** Those that were measured. */
    public static List<Target> of(BenchReport report) {
        List<Target> targets = new ArrayList<>();
        for (Comparison comparison : report.comparisons()) {
            String title = comparison.cell().title() + ": ";
            boolean isSmall = comparison.cell().data().equals("2 KB");
            boolean isNear = comparison.cell().latency().equals(Duration.ZERO);
            if (isSmall) {
                ratio(comparison, Metric.CAPTURES)
                        .ifPresent(value ->
                                targets.add(new Target(title + "captures/s, worker / lean loop", value, 0.6, false)));
            } else if (isNear && !comparison.cell().isEncrypted()) {
                ratio(comparison, Metric.CPU)
                        .ifPresent(value ->
                                targets.add(new Target(title + "CPU s/GB, worker / lean loop", value, 1.35, true)));
            } else if (!isNear) {
                ratio(comparison, Metric.CAPTURES)
                        .ifPresent(value ->
                                targets.add(new Target(title + "captures/s, worker / lean loop", value, 1, false)));
            }
            comparison.row(WORKER).ifPresent(row -> {
                row.median(Metric.RESIDENT)
                        .ifPresent(value -> targets.add(
                                new Target(title + "worker's peak MB", value, MOST_RESIDENT_MEGABYTES, true)));
                row.median(Metric.FULL_COLLECTIONS)
                        .ifPresent(
                                value -> targets.add(new Target(title + "worker's full collections", value, 0, true)));
            });
        }
        for (HalfLoadResult result : report.halfLoads()) {
            targets.add(new Target(
                    result.name() + " at half load: p99 in seconds, publish() to completion",
                    result.p99Seconds(),
                    BATCH_MAX_AGE.toSeconds() + 1,
                    true));
        }
        return List.copyOf(targets);
    }

    private static Optional<Double> ratio(Comparison comparison, Metric metric) {
        return comparison.ratio(metric, WORKER, REFERENCE);
    }

    /** Whether it is as it should be. */
    public boolean isMet() {
        return isMost ? value <= limit : value >= limit;
    }

    /** One line. */
    public String line() {
        return String.format(
                Locale.ROOT,
                "%s: %s, target %s %s: %s",
                what,
                number(value),
                isMost ? "<=" : ">=",
                number(limit),
                isMet() ? "met" : "NOT met");
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%.0f", value) : two(value);
    }

    private static String two(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
