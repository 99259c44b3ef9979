package io.stepvault.worker.cli;

import io.stepvault.worker.cli.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;

/** A command line that was run in this JVM, and what came of it. */
public final class CommandRun {
    private final int exitCode;
    private final byte[] out;
    private final String err;

    private CommandRun(int exitCode, byte[] out, String err) {
        this.exitCode = exitCode;
        this.out = out;
        this.err = err;
    }

    /** Runs a command in an empty environment. */
    public static CommandRun of(String... arguments) {
        return in(Map.of(), arguments);
    }

    public static CommandRun in(Map<String, String> environment, String... arguments) {
        return run(environment, Stepvault::commandLine, arguments);
    }

    /** Runs a command that is made for the console, in an empty environment. */
    public static CommandRun by(Function<Console, CommandLine> command, String... arguments) {
        return run(Map.of(), command, arguments);
    }

    private static CommandRun run(
            Map<String, String> environment, Function<Console, CommandLine> command, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(out, err, Console.Kind.plain(), environment, Clock.systemUTC());
        int exitCode = Stepvault.execute(console, command.apply(console), arguments);
        return new CommandRun(exitCode, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
    }

    public int exitCode() {
        return exitCode;
    }

    byte[] bytes() {
        return out.clone();
    }

    public String err() {
        return err;
    }

    public String out() {
        return new String(out, StandardCharsets.UTF_8);
    }

    public List<String> lines() {
        return out().lines().toList();
    }

    List<String> errLines() {
        return err.lines().toList();
    }
}
