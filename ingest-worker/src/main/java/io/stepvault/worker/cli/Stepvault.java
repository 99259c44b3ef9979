package io.stepvault.worker.cli;

import io.stepvault.worker.cli.lifecycle.LifecycleCommand;
import io.stepvault.worker.cli.schemas.SchemasCommand;
import io.stepvault.worker.cli.terminal.Confirmation;
import io.stepvault.worker.cli.terminal.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The entry point, and the root of the tree of subcommands. */
@Command(
        name = "stepvault",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = StepvaultVersion.class,
        description = "Takes step captures off Kafka and makes them durable, readable objects in S3 or on disk.",
        synopsisSubcommandLabel = "SUBCOMMAND",
        footer = {
            "",
            "Exit codes: 0 done, 1 found problems, 2 usage, 3 could not run.",
            "",
            "Examples:",
            "  stepvault topics create --bootstrap localhost:9092",
            "  stepvault worker --config worker.properties",
            "  stepvault publish crawl/ --bootstrap localhost:9092",
            "  stepvault sessions --store s3://bucket/prefix"
        })
public final class Stepvault implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--debug",
            hidden = true,
            scope = ScopeType.INHERIT,
            description = "Show stack traces of what stops a command.")
    private boolean debug;

    private Stepvault() {}

    /** Runs a subcommand and ends the process with its exit code. */
    public static void main(String[] args) {
        Console console = Console.system();
        CommandLogging.quiet(console.environment());
        System.exit(execute(console, commandLine(console), args));
    }

    /**
     * The tree of subcommands, for {@link #execute}; further subcommands may be added to it.
     *
     * @param console where commands write
     */
    public static CommandLine commandLine(Console console) {
        return new CommandLine(new Stepvault())
                .addSubcommand(new WorkerCommand(console, CommandLogging::ofWorker))
                .addSubcommand(
                        "topics",
                        new CommandLine(new TopicsCommand())
                                .addSubcommand(new TopicsCreateCommand(console))
                                .addSubcommand(new TopicsListCommand(console)))
                .addSubcommand(new PublishCommand(console))
                .addSubcommand(new CompletionsCommand(console))
                .addSubcommand(
                        "dead-letters",
                        new CommandLine(new DeadLettersCommand())
                                .addSubcommand(new DeadLettersListCommand(console))
                                .addSubcommand(new DeadLettersShowCommand(console))
                                .addSubcommand(new DeadLettersRedriveCommand(console, Confirmation.system()))
                                .addSubcommand(new DeadLettersExportCommand(console)))
                .addSubcommand(new SessionsCommand(console))
                .addSubcommand(new StepsCommand(console))
                .addSubcommand(new GetCommand(console))
                .addSubcommand(new CopyCommand(console))
                .addSubcommand(new ReplayCommand(console))
                .addSubcommand(new AuditCommand(console))
                .addSubcommand(new ServeCommand(console, CommandLogging::ofServer))
                .addSubcommand(
                        "spool",
                        new CommandLine(new SpoolCommand())
                                .addSubcommand(new SpoolListCommand(console))
                                .addSubcommand(new SpoolShowCommand(console))
                                .addSubcommand(new SpoolVerifyCommand(console))
                                .addSubcommand(new SpoolDrainCommand(console)))
                .addSubcommand("schemas", SchemasCommand.tree(console))
                .addSubcommand("lifecycle", LifecycleCommand.tree(console, Confirmation.system()))
                .addSubcommand(new DoctorCommand(console));
    }

    /**
     * Runs a subcommand of a complete tree.
     *
     * @return its exit code; see {@link ExitCode}
     */
    public static int execute(Console console, CommandLine tree, String... args) {
        FailureReport failures = new FailureReport(console);
        // What was added to the tree since it was made must fail the same way.
        return tree.setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures)
                .setOut(console.outWriter())
                .setErr(console.errWriter())
                .execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing subcommand" + (debug ? " after --debug" : ""));
    }
}
