package io.stepvault.worker.deadletter;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a record lies on the dead-letter topic. Ordered by partition, then offset. Immutable; safe for any thread.
 *
 * @param partition from 0
 * @param offset from 0
 */
public record LetterPlace(int partition, long offset) implements Comparable<LetterPlace> {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})@(\\d{1,18})");

    /** Reads what {@link #toString} writes; throws IllegalArgumentException with what to write instead. */
    public static LetterPlace parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("is no place; write PARTITION@OFFSET, such as 0@17, as `list` shows it");
        }
        return new LetterPlace(Integer.parseInt(parts.group(1)), Long.parseLong(parts.group(2)));
    }

    @Override
    public int compareTo(LetterPlace other) {
        return Comparator.comparingInt(LetterPlace::partition)
                .thenComparingLong(LetterPlace::offset)
                .compare(this, other);
    }

    /** {@code PARTITION@OFFSET}. */
    @Override
    public String toString() {
        return partition + "@" + offset;
    }
}
