package io.stepvault.worker.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How durations are written: {@code 500ms}, {@code 5s}, {@code 2m}, {@code 24h}, {@code 7d}, or in ISO-8601 form,
 * {@code PT1M30S}. A number without a unit is refused: it would be seconds to one reader and milliseconds to the next.
 * Stateless; safe for any thread.
 */
public final class DurationText {
    private static final Pattern SIMPLE = Pattern.compile("(\\d{1,18}) ?(ms|s|m|h|d)");
    private static final String EXPECTED = "is not a duration; write 500ms, 5s, 2m, 24h or 7d";

    private DurationText() {}

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException if the text is not a duration or is too long to be counted; the message says
     *     what to write instead
     */
    public static Duration parse(String text) {
        String stripped = text.strip();
        Matcher simple = SIMPLE.matcher(stripped.toLowerCase(Locale.ROOT));
        try {
            if (!simple.matches()) {
                return Duration.parse(stripped);
            }
            long amount = Long.parseLong(simple.group(1));
            return switch (simple.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(EXPECTED, e);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("is too long a duration", e);
        }
    }

    /**
     * The shortest exact form; {@link #parse} reads it back. Days are used from two days on, so that {@code 24h} stays
     * what it is usually called. What no simple form fits (parts of a millisecond, negative) is written in ISO form.
     */
    public static String format(Duration duration) {
        long seconds = duration.getSeconds();
        int nanos = duration.getNano();
        if (seconds < 0 || nanos % 1_000_000 != 0) {
            return duration.toString();
        }
        if (nanos != 0) {
            return seconds < 1_000_000_000L ? duration.toMillis() + "ms" : duration.toString();
        }
        if (seconds == 0 || seconds % 60 != 0) {
            return seconds < 1_000_000_000_000_000_000L ? seconds + "s" : duration.toString();
        }
        if (seconds % 3_600 != 0) {
            return seconds / 60 + "m";
        }
        if (seconds % 86_400 != 0 || seconds < 2 * 86_400) {
            return seconds / 3_600 + "h";
        }
        return seconds / 86_400 + "d";
    }
}
