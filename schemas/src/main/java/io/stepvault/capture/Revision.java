package io.stepvault.capture;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One capture of a step: when it was captured and what it held. Written {@code 20261120T080012.345678Z-} and 16 hex
 * digits, so that the text order of revisions is their order in time, ties broken by content. The greatest revision of
 * a step is its latest.
 *
 * <p>Immutable; safe for any thread.
 *
 * @param capturedAt capture time in whole microseconds, {@link #EARLIEST} to {@link #LATEST}
 * @param contentHash first 16 hex digits (lower case) of the SHA-256 of the {@link CommitRecord}'s canonical form
 */
public record Revision(Instant capturedAt, String contentHash) implements Comparable<Revision> {
    /** The earliest capture time that can be stored: the start of 1970, UTC. */
    public static final Instant EARLIEST = Instant.EPOCH;

    /** The latest capture time that can be stored: the last microsecond of 9999, UTC. */
    public static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuuMMdd'T'HHmmss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC)
            // Anything milder would read 31 February as the 28th: two texts for one revision.
            .withResolverStyle(ResolverStyle.STRICT);
    private static final Pattern WRITTEN = Pattern.compile("(\\d{8}T\\d{6}\\.\\d{6}Z)-([0-9a-f]{16})");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{16}");

    /**
     * Checks the parts and cuts the time to whole microseconds.
     *
     * @throws IllegalArgumentException if the time or the hash is out of range
     */
    public Revision {
        capturedAt = capturedAt.truncatedTo(ChronoUnit.MICROS);
        if (capturedAt.isBefore(EARLIEST) || capturedAt.isAfter(LATEST)) {
            throw new IllegalArgumentException("capture time is outside 1970 to 9999");
        }
        if (!HASH.matcher(contentHash).matches()) {
            throw new IllegalArgumentException("content hash is not 16 lower-case hex digits");
        }
    }

    /**
     * Reads a revision as {@link #toString} writes it.
     *
     * @throws IllegalArgumentException if {@code text} is not a revision
     */
    public static Revision parse(String text) {
        Matcher parts = WRITTEN.matcher(text);
        if (parts.matches()) {
            try {
                return new Revision(TIME.parse(parts.group(1), Instant::from), parts.group(2));
            } catch (DateTimeParseException e) {
                throw notARevision(e);
            }
        }
        throw notARevision(null);
    }

    private static IllegalArgumentException notARevision(@Nullable Exception cause) {
        return new IllegalArgumentException(
                "not a revision: expected a form like 20261120T080012.345678Z-0123456789abcdef", cause);
    }

    @Override
    public int compareTo(Revision other) {
        int byTime = capturedAt.compareTo(other.capturedAt);
        return byTime != 0 ? byTime : contentHash.compareTo(other.contentHash);
    }

    /** The form used in keys. */
    @Override
    public String toString() {
        return TIME.format(capturedAt) + "-" + contentHash;
    }
}
