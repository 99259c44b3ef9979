package io.stepvault.bench.report;

import java.util.Arrays;

/** Order statistics of a few measurements. */
final class Medians {
    private Medians() {}

    /** The middle one, or the mean of the two in the middle. */
    static double median(double[] values) {
        double[] sorted = sorted(values);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /**
     * The least value that so great a part does not exceed (nearest rank).
     *
     * @param part over 0 and at most 1
     */
    static double percentile(double[] values, double part) {
        double[] sorted = sorted(values);
        return sorted[(int) Math.ceil(part * sorted.length) - 1];
    }

    private static double[] sorted(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }
}
