package io.stepvault.worker.replay;

import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of a topic. Immutable; safe for any thread.
 *
 * @param from its beginning
 * @param to its end, which is not part of it
 * @param partitions those that it is about; empty for all
 */
public record TopicRange(RangePoint from, RangePoint to, Optional<NavigableSet<Integer>> partitions) {
    private static final int MAX_PARTITION = 1_000_000;
    private static final Pattern PART = Pattern.compile("(\\d{1,7})(?:-(\\d{1,7}))?");

    /** All that there is when the range is fixed. */
    public static final TopicRange ALL =
            new TopicRange(new RangePoint.Earliest(), new RangePoint.Latest(), Optional.empty());

    /** Whether a partition is part of it. */
    public boolean takes(int partition) {
        return partitions.map(some -> some.contains(partition)).orElse(true);
    }

    /**
     * Reads numbers of partitions: {@code 0,3,7-9}.
     *
     * @throws IllegalArgumentException if they are none; the message goes on from what was written
     */
    public static NavigableSet<Integer> parsePartitions(String text) {
        NavigableSet<Integer> partitions = new TreeSet<>();
        for (String part : text.strip().split("\\s*,\\s*", -1)) {
            Matcher matcher = PART.matcher(part);
            int first = matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
            int last = first < 0 || matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
            if (first < 0 || last < first || last > MAX_PARTITION) {
                throw new IllegalArgumentException("does not name partitions; write 0,3,7-9");
            }
            for (int partition = first; partition <= last; partition++) {
                partitions.add(partition);
            }
        }
        return partitions;
    }
}
