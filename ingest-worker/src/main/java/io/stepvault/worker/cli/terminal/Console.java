package io.stepvault.worker.cli.terminal;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * Where a command writes, and what it may know of the process it runs in. Results go to {@link #line} and {@link
 * #json}, everything said beside them to {@link #note}; whatever these are given shows as one harmless line. Safe for
 * any thread.
 */
public final class Console {
    private static final int DEFAULT_WIDTH = 80;

    private final PrintStream out;
    private final PrintStream err;
    private final Kind kind;
    private final Map<String, String> environment;
    private final Clock clock;

    /**
     * What is behind the two streams.
     *
     * @param outIsTerminal whether results go to a terminal
     * @param errIsTerminal whether what is said beside them goes to one
     * @param width its columns
     */
    public record Kind(boolean outIsTerminal, boolean errIsTerminal, int width) {
        /** Files or pipes. */
        public static Kind plain() {
            return new Kind(false, false, DEFAULT_WIDTH);
        }

        /** This process' own, on a system that tells (Linux); elsewhere plain. */
        static Kind ofThisProcess(Map<String, String> environment) {
            boolean dumb = "dumb".equals(environment.getOrDefault("TERM", "dumb"));
            return new Kind(isTerminal(1), !dumb && isTerminal(2), columns(environment));
        }

        static boolean isTerminal(int descriptor) {
            Path link = Path.of("/proc/self/fd/" + descriptor);
            try {
                String target = Files.readSymbolicLink(link).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
            } catch (IOException | UnsupportedOperationException e) {
                return false; // no such system: lines do everywhere
            }
        }

        private static int columns(Map<String, String> environment) {
            String columns = environment.getOrDefault("COLUMNS", "");
            return columns.matches("[1-9]\\d{1,3}") ? Integer.parseInt(columns) : DEFAULT_WIDTH;
        }
    }

    /** A console over two streams, which are flushed line by line and not closed. */
    public Console(OutputStream out, OutputStream err, Kind kind, Map<String, String> environment, Clock clock) {
        this.out = out instanceof PrintStream print ? print : new PrintStream(out, true);
        this.err = err instanceof PrintStream print ? print : new PrintStream(err, true);
        this.kind = kind;
        this.environment = Map.copyOf(environment);
        this.clock = clock;
    }

    /** This process' own. */
    public static Console system() {
        Map<String, String> environment = System.getenv();
        return new Console(System.out, System.err, Kind.ofThisProcess(environment), environment, Clock.systemUTC());
    }

    /** Prints a line of the command's result. */
    public void line(String text) {
        out.println(Printable.escape(text));
    }

    /** Prints the table, or {@code ifEmpty} beside the result. */
    public void table(Table table, String ifEmpty) {
        if (table.lines().isEmpty()) {
            note(ifEmpty);
        }
        table.lines().forEach(this::line);
    }

    /** Prints an object of the command's result, for programs. */
    public void json(JsonText.Content fields) {
        out.println(JsonText.object(fields));
    }

    /** Prints a line beside the command's result. */
    public void note(String text) {
        err.println(Printable.escape(text));
    }

    /** Writes to the terminal as it is: for a display of our own making. */
    void overwrite(String text) {
        err.print(text);
        err.flush();
    }

    /** Whether whoever reads the results has gone, as {@code head} does. */
    public boolean isClosed() {
        return out.checkError();
    }

    /** The stream that results go to, for bytes. */
    public OutputStream bytes() {
        return out;
    }

    /** For what prints itself, as the help does. */
    public PrintWriter outWriter() {
        return new PrintWriter(new OutputStreamWriter(out, Charset.defaultCharset()), true);
    }

    /** For what prints itself beside the result. */
    public PrintWriter errWriter() {
        return new PrintWriter(new OutputStreamWriter(err, Charset.defaultCharset()), true);
    }

    /** Whether results go to a terminal. */
    public boolean outIsTerminal() {
        return kind.outIsTerminal();
    }

    /** Whether what is said beside the results goes to a terminal. */
    public boolean errIsTerminal() {
        return kind.errIsTerminal();
    }

    /** The terminal's columns. */
    public int width() {
        return kind.width();
    }

    /** The environment's variables. */
    public Map<String, String> environment() {
        return environment;
    }

    /** The time. */
    public Clock clock() {
        return clock;
    }
}
