package io.stepvault.bench.report;

import java.util.List;

/**
 * How long captures took until they were announced as stored, at half of the load that a contender can bear.
 *
 * @param rate captures a second
 * @param captures that were measured
 * @param p50Seconds half of them took no longer
 * @param p99Seconds 99 in 100 took no longer
 */
public record HalfLoadResult(String name, double rate, int captures, double p50Seconds, double p99Seconds) {
    /** From the time that each took. */
    public static HalfLoadResult of(String name, double rate, List<Double> seconds) {
        double[] all = seconds.stream().mapToDouble(Double::doubleValue).toArray();
        return new HalfLoadResult(name, rate, all.length, Medians.percentile(all, 0.5), Medians.percentile(all, 0.99));
    }
}
