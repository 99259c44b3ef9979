package io.stepvault.devkit;

import io.stepvault.worker.cli.Stepvault;
import io.stepvault.worker.cli.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;

/** A subcommand, run as a user would, with what it printed. One run at a time; what was printed is safe for any thread. */
final class CommandLineRun {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console = new Console(out, err, Console.Kind.plain(), Map.of(), Clock.systemUTC());

    /** Runs it in the tree of this module; gives the exit code. */
    int run(String... arguments) {
        return runIn(Main::commandLine, arguments);
    }

    int runIn(Function<Console, CommandLine> tree, String... arguments) {
        return Stepvault.execute(console, tree.apply(console), arguments);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
