package io.stepvault.worker.cli.schemas;

import io.stepvault.worker.cli.terminal.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The parent of what concerns the schema registry. */
@Command(
        name = "schemas",
        description = {
            "Registers, checks and lists schemas in a schema registry that speaks Confluent's API.",
            "Only needed for captures in the Confluent wire format."
        },
        synopsisSubcommandLabel = "register | check | list",
        footer = {
            "",
            "Examples:",
            "  stepvault schemas check --registry http://localhost:8081",
            "  stepvault schemas register --config worker.properties",
            "  stepvault schemas list --config worker.properties --json"
        })
public final class SchemasCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private SchemasCommand() {}

    /** The command with its subcommands. */
    public static CommandLine tree(Console console) {
        return new CommandLine(new SchemasCommand())
                .addSubcommand(new RegisterCommand(console))
                .addSubcommand(new CheckCommand(console))
                .addSubcommand(new ListCommand(console));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing subcommand: register, check or list");
    }
}
