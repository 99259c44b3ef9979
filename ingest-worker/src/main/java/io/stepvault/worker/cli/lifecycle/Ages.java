package io.stepvault.worker.cli.lifecycle;

import io.stepvault.worker.cli.CommandFailure;
import io.stepvault.worker.config.DurationText;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/** Reads dates and durations of options. Stateless; safe for any thread. */
final class Ages {
    private Ages() {}

    /** A duration, as {@code 3d}. */
    static Duration duration(String option, String text) {
        try {
            return DurationText.parse(text);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(option + ": '" + text + "' " + e.getMessage());
        }
    }

    /** A duration of whole days, at least one. */
    static int days(String option, String text) {
        Duration duration = duration(option, text);
        if (duration.compareTo(Duration.ofDays(1)) < 0
                || duration.compareTo(Duration.ofDays(100_000)) > 0
                || !duration.equals(Duration.ofDays(duration.toDays()))) {
            throw CommandFailure.usage(option + ": '" + text + "' is not in whole days; write 30d");
        }
        return (int) duration.toDays();
    }

    /** A UTC day. */
    static LocalDate date(String option, String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw CommandFailure.usage(option + ": '" + text + "' is no day; write 2026-11-22");
        }
    }

    /** A time, or the beginning of a UTC day. */
    static Instant time(String option, String text) {
        try {
            return text.toUpperCase(Locale.ROOT).contains("T")
                    ? Instant.parse(text)
                    : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeException e) {
            throw CommandFailure.usage(
                    option + ": '" + text + "' is no time; write 2026-11-22T08:00:00Z or 2026-11-22");
        }
    }
}
