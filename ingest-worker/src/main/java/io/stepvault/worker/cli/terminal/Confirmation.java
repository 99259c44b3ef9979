package io.stepvault.worker.cli.terminal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/** Asks whoever sits at the terminal. Only the command's own thread may touch it. */
public final class Confirmation {
    private static final Set<String> YES = Set.of("y", "yes");

    private final InputStream in;
    private final boolean terminal;

    /**
     * Reads answers from a stream.
     *
     * @param terminal whether a person is behind it
     */
    public Confirmation(InputStream in, boolean terminal) {
        this.in = in;
        this.terminal = terminal;
    }

    /** This process' own. */
    public static Confirmation system() {
        return new Confirmation(System.in, Console.Kind.isTerminal(0));
    }

    /** Whether there is anyone to ask. */
    public boolean isPossible() {
        return terminal;
    }

    /** Asks; anything but {@code y} or {@code yes} is a no, and so is the end of the input. */
    public boolean ask(Console console, String question) {
        console.overwrite(Printable.escape(question) + " [y/N] ");
        return YES.contains(readLine().strip().toLowerCase(Locale.ROOT));
    }

    private String readLine() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
                line.write(next);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the answer", e);
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
