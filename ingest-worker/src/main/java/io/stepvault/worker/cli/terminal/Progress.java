package io.stepvault.worker.cli.terminal;

import java.time.Duration;
import java.util.Locale;

/**
 * How far a piece of work is. Immutable; safe for any thread.
 *
 * @param noun what is counted, in the plural
 * @param done how many are done
 * @param total how many there are; 0 if that is not known
 * @param doneBytes the bytes of those done
 * @param totalBytes the bytes of all
 * @param elapsed since the start
 */
public record Progress(String noun, long done, long total, long doneBytes, long totalBytes, Duration elapsed) {
    private static final int MAX_BAR = 40;
    private static final int MIN_BAR = 8;
    private static final double MAX_LEFT_MS = 999 * 86_400_000.0;

    /** A line with a bar, for a terminal of so many columns; what does not fit is left out from the right. */
    public String bar(int columns) {
        String text = text();
        int room = total == 0 ? 0 : Math.min(MAX_BAR, columns - 1 - text.length() - 3);
        if (room < MIN_BAR) {
            return text.substring(0, Math.min(text.length(), Math.max(0, columns - 1)));
        }
        int filled = (int) Math.round(fraction() * room);
        return "[" + "#".repeat(filled) + "-".repeat(room - filled) + "] " + text;
    }

    /** The same in words, for a log. */
    public String text() {
        if (total == 0) {
            return done + " " + noun + "  " + Amounts.bytes(doneBytes);
        }
        String text = String.format(
                Locale.ROOT,
                "%d/%d %s  %s of %s",
                done,
                total,
                noun,
                Amounts.bytes(doneBytes),
                Amounts.bytes(totalBytes));
        return elapsed.isZero() || doneBytes == 0
                ? text
                : text + "  " + Amounts.bytes(bytesPerSecond()) + "/s  "
                        + (done < total ? Amounts.duration(left()) + " left" : "in " + Amounts.duration(elapsed));
    }

    private double fraction() {
        if (totalBytes > 0) {
            return Math.min(1, (double) doneBytes / totalBytes);
        }
        return total > 0 ? Math.min(1, (double) done / total) : 1;
    }

    private long bytesPerSecond() {
        return (long) (doneBytes / (elapsed.toNanos() / 1e9));
    }

    private Duration left() {
        double share = (double) Math.max(0, totalBytes - doneBytes) / doneBytes;
        return Duration.ofMillis(Math.round(Math.min(share * elapsed.toMillis(), MAX_LEFT_MS)));
    }
}
