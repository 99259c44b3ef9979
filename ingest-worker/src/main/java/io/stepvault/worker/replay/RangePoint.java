package io.stepvault.worker.replay;

import io.stepvault.worker.config.DurationText;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;

/** Where a range of a topic begins or ends, the same for each of its partitions. */
public sealed interface RangePoint {
    /** The first record that there is. */
    record Earliest() implements RangePoint {}

    /** After the last record that can be read when the range is fixed. */
    record Latest() implements RangePoint {}

    /** An offset, 0 or more. */
    record AtOffset(long offset) implements RangePoint {}

    /** The first record whose timestamp is not before this; the end, if there is none. */
    record AtTime(Instant time) implements RangePoint {}

    /**
     * Reads {@code earliest}, {@code latest}, an offset, a time ({@code 2026-11-22T08:00:00Z}, or with an offset from
     * UTC), a UTC day, or how long ago it was ({@code 36h}).
     *
     * @throws IllegalArgumentException if it is none of these; the message goes on from what was written
     */
    static RangePoint parse(String text, Clock clock) {
        String stripped = text.strip().toLowerCase(Locale.ROOT);
        if (stripped.equals("earliest")) {
            return new Earliest();
        } else if (stripped.equals("latest")) {
            return new Latest();
        } else if (stripped.matches("\\d{1,18}")) {
            return new AtOffset(Long.parseLong(stripped));
        }
        try {
            if (stripped.matches("\\d{4}-\\d{2}-\\d{2}")) {
                return new AtTime(
                        LocalDate.parse(stripped).atStartOfDay(ZoneOffset.UTC).toInstant());
            } else if (stripped.matches("\\d{4}-.*t.*")) {
                return new AtTime(
                        OffsetDateTime.parse(stripped.toUpperCase(Locale.ROOT)).toInstant());
            } else if (stripped.matches("\\d.*")) {
                return new AtTime(clock.instant().minus(DurationText.parse(stripped)));
            }
        } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
            // said below
        }
        throw new IllegalArgumentException("is neither an offset nor a time; write earliest, latest, 12345,"
                + " 2026-11-22T08:00:00Z, 2026-11-22 or 36h (so long ago)");
    }
}
