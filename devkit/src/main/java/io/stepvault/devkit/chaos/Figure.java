package io.stepvault.devkit.chaos;

import io.stepvault.worker.cli.terminal.Amounts;
import java.time.Duration;

/**
 * A number of a report. Immutable; safe for any thread.
 *
 * @param key for programs
 * @param label for people
 * @param value in the unit
 */
public record Figure(String key, String label, long value, Unit unit) {
    /** What is counted. */
    public enum Unit {
        COUNT,
        BYTES,
        MILLIS,
        PER_SECOND
    }

    static Figure count(String key, String label, long value) {
        return new Figure(key, label, value, Unit.COUNT);
    }

    static Figure bytes(String key, String label, long value) {
        return new Figure(key + "_bytes", label, value, Unit.BYTES);
    }

    static Figure time(String key, String label, Duration value) {
        return new Figure(key + "_ms", label, value.toMillis(), Unit.MILLIS);
    }

    static Figure perSecond(String key, String label, long value) {
        return new Figure(key + "_per_second", label, value, Unit.PER_SECOND);
    }

    /** The value for people. */
    String text() {
        return switch (unit) {
            case COUNT -> Long.toString(value);
            case BYTES -> Amounts.bytes(value);
            case MILLIS -> Amounts.duration(Duration.ofMillis(value));
            case PER_SECOND -> value + "/s";
        };
    }
}
