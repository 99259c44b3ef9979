package io.stepvault.worker.cli.terminal;

import java.time.Duration;
import java.time.Instant;

/**
 * Shows progress beside what a command prints: a bar that is drawn anew on a terminal, a line every few seconds
 * elsewhere. Only the command's own thread may touch it.
 */
public final class ProgressDisplay implements AutoCloseable {
    private static final Duration BAR_INTERVAL = Duration.ofMillis(100);
    private static final Duration LINE_INTERVAL = Duration.ofSeconds(5);

    private final Console console;
    private final boolean bar;
    private Instant next;
    private int shown;

    /** A display that shows the first bar at once, or the first line after a few seconds. */
    public ProgressDisplay(Console console) {
        this.console = console;
        this.bar = console.errIsTerminal();
        Instant now = console.clock().instant();
        this.next = bar ? now : now.plus(LINE_INTERVAL);
    }

    /** Shows how far it is, if that was not done just before. */
    public void update(Progress progress) {
        if (isTime()) {
            if (bar) {
                draw(progress.bar(console.width()));
            } else {
                console.note(progress.text());
            }
        }
    }

    /** Shows how far work is of which nobody knows the end, if that was not done just before. */
    public void update(String text) {
        if (isTime()) {
            if (bar) {
                draw(text.substring(0, Math.min(text.length(), Math.max(0, console.width() - 1))));
            } else {
                console.note(text);
            }
        }
    }

    private boolean isTime() {
        Instant now = console.clock().instant();
        if (now.isBefore(next)) {
            return false;
        }
        next = now.plus(bar ? BAR_INTERVAL : LINE_INTERVAL);
        return true;
    }

    /** Shows the end of the work; nothing where lines are shown, since a summary follows. */
    public void end(Progress progress) {
        if (bar) {
            draw(progress.bar(console.width()));
            console.overwrite("\n");
            shown = 0;
        }
    }

    /** Prints a line for people above the bar. */
    public void note(String line) {
        close();
        console.note(line);
    }

    /** Wipes the bar off. */
    @Override
    public void close() {
        if (shown > 0) {
            console.overwrite("\r" + " ".repeat(shown) + "\r");
            shown = 0;
        }
    }

    private void draw(String line) {
        console.overwrite("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
        shown = line.length();
    }
}
