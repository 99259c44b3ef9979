package io.stepvault.worker.cli.terminal;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Amounts for people: short, and exact only where that is short. Stateless; safe for any thread. */
public final class Amounts {
    private static final List<String> UNITS = List.of("KiB", "MiB", "GiB", "TiB", "PiB", "EiB");

    private Amounts() {}

    /** Bytes in units of 1,024: {@code 980 B}, {@code 82.0 KiB}, {@code 1.5 GiB}. */
    public static String bytes(long bytes) {
        if (bytes < 1_024) {
            return bytes + " B";
        }
        double amount = bytes / 1_024.0;
        int unit = 0;
        // What would be rounded up to 1024.0 is shown in the next unit.
        while (amount >= 1_023.95 && unit < UNITS.size() - 1) {
            amount /= 1_024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", amount, UNITS.get(unit));
    }

    /** A duration: {@code 0.4 s}, {@code 12 s}, {@code 3 min 05 s}, {@code 2 h 00 min}, {@code 7 d 00 h}. */
    public static String duration(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1f s", Math.max(0, duration.toMillis()) / 1_000.0);
        } else if (seconds < 60) {
            return seconds + " s";
        } else if (seconds < 3_600) {
            return String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60);
        } else if (seconds < 86_400) {
            return String.format(Locale.ROOT, "%d h %02d min", seconds / 3_600, seconds % 3_600 / 60);
        }
        return String.format(Locale.ROOT, "%d d %02d h", seconds / 86_400, seconds % 86_400 / 3_600);
    }

    /** A count with its noun: {@code 1 step}, {@code 3 steps}. */
    public static String count(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
