package io.stepvault.devkit;

import io.stepvault.storage.StepStore;
import io.stepvault.worker.cli.CommandLogging;
import io.stepvault.worker.cli.Stepvault;
import io.stepvault.worker.cli.terminal.Console;
import picocli.CommandLine;

/** The entry point of the whole tree of subcommands: those of the worker's module, and this module's. */
public final class Main {
    private Main() {}

    /** Runs a subcommand and ends the process with its exit code. */
    public static void main(String[] args) {
        Console console = Console.system();
        CommandLogging.quiet(console.environment());
        System.exit(Stepvault.execute(console, commandLine(console), args));
    }

    /**
     * The whole tree, for {@link Stepvault#execute}.
     *
     * @param console where commands write
     */
    static CommandLine commandLine(Console console) {
        CommandLine tree = Stepvault.commandLine(console)
                .addSubcommand(new DemoCommand(console, StepStore::open))
                .addSubcommand(new DevCommand(console))
                .addSubcommand(new ChaosCommand(console));
        String[] footer = tree.getCommandSpec().usageMessage().footer();
        String[] longer = java.util.Arrays.copyOf(footer, footer.length + 2);
        longer[footer.length] = "";
        longer[footer.length + 1] = "In a checkout, `./stepvault test` builds the project and runs its tests.";
        tree.getCommandSpec().usageMessage().footer(longer);
        return tree;
    }
}
