package io.stepvault.worker.flow;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of offsets as runs of consecutive ones. Immutable; safe for any thread.
 *
 * @param runs ascending, with a gap between any two
 */
public record OffsetRuns(List<Run> runs) {
    /** No offsets. */
    public static final OffsetRuns NONE = new OffsetRuns(List.of());

    /**
     * Copies.
     *
     * @throws IllegalArgumentException if the runs are not in order, or touch
     */
    public OffsetRuns {
        runs = List.copyOf(runs);
        for (int i = 1; i < runs.size(); i++) {
            if (runs.get(i).first() <= runs.get(i - 1).last() + 1) {
                throw new IllegalArgumentException(
                        "runs " + runs.get(i - 1) + " and " + runs.get(i) + " are out of order or touch");
            }
        }
    }

    /** Whether an offset is in the set. Takes time in the logarithm of the number of runs. */
    public boolean contains(long offset) {
        int low = 0;
        int high = runs.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Run run = runs.get(middle);
            if (offset < run.first()) {
                high = middle - 1;
            } else if (offset > run.last()) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    /** This set and further offsets. */
    public OffsetRuns with(Collection<Long> offsets) {
        TreeMap<Long, Long> merged = new TreeMap<>();
        runs.forEach(run -> merged.put(run.first(), run.last()));
        for (long offset : offsets) {
            merged.merge(offset, offset, Math::max);
        }
        List<Run> joined = new ArrayList<>();
        for (Map.Entry<Long, Long> next : merged.entrySet()) {
            Run last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (last != null && next.getKey() <= last.last() + 1) {
                joined.set(joined.size() - 1, new Run(last.first(), Math.max(last.last(), next.getValue())));
            } else {
                joined.add(new Run(next.getKey(), next.getValue()));
            }
        }
        return new OffsetRuns(joined);
    }

    /** The runs that begin at an offset or after it. */
    public OffsetRuns above(long offset) {
        return new OffsetRuns(runs.stream().filter(run -> run.first() >= offset).toList());
    }

    /** Whether there is nothing in it. */
    public boolean isEmpty() {
        return runs.isEmpty();
    }

    /**
     * Consecutive offsets.
     *
     * @param first the lowest, 0 or more
     * @param last the highest, included
     */
    public record Run(long first, long last) {
        /** @throws IllegalArgumentException if it is empty or negative */
        public Run {
            if (first < 0 || last < first) {
                throw new IllegalArgumentException("no run of offsets from " + first + " to " + last);
            }
        }
    }
}
