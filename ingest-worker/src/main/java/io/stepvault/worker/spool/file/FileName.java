package io.stepvault.worker.spool.file;

import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a spool file: {@code <millis>-<sequence>.spool}, in the order of age. Made of nothing but time and a
 * counter, never of ids or topics.
 *
 * @param millis when it was written, since 1970
 * @param sequence tells files of one millisecond apart
 */
record FileName(long millis, long sequence) implements Comparable<FileName> {
    /** Before all others. */
    static final FileName FIRST = new FileName(0, 0);

    private static final String TEMPORARY = ".tmp";
    private static final Pattern NAME = Pattern.compile("(\\d{13,15})-(\\d{6,18})\\.spool");
    private static final Comparator<FileName> BY_AGE =
            Comparator.comparingLong(FileName::millis).thenComparingLong(FileName::sequence);

    /** Empty if this is not the name of a spool file. */
    static Optional<FileName> parse(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches()
                ? Optional.of(new FileName(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    /** Whether this is the name of a file that was being written. */
    static boolean isTemporary(String name) {
        return name.endsWith(TEMPORARY)
                && parse(name.substring(0, name.length() - TEMPORARY.length())).isPresent();
    }

    /** The name of a file written now; later than this one even if the clock was put back. */
    FileName next(Instant now) {
        long nowMillis = now.toEpochMilli();
        return nowMillis > millis ? new FileName(nowMillis, 0) : new FileName(millis, sequence + 1);
    }

    Instant writtenAt() {
        return Instant.ofEpochMilli(millis);
    }

    /** The name while it is being written. */
    String temporary() {
        return this + TEMPORARY;
    }

    @Override
    public int compareTo(FileName other) {
        return BY_AGE.compare(this, other);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%013d-%06d.spool", millis, sequence);
    }
}
