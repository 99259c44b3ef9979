package io.stepvault.worker.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The parent of what concerns dead letters. */
@Command(
        name = "dead-letters",
        description =
                "Looks at records that could not be stored, saves them, and sends them through the pipeline again."
                        + " Needs no worker.",
        synopsisSubcommandLabel = "list | show | redrive | export",
        footer = {
            "",
            "Examples:",
            "  stepvault dead-letters list --config worker.properties --since 24h",
            "  stepvault dead-letters show 0@17 --config worker.properties",
            "  stepvault dead-letters redrive --config worker.properties --reason unknown-schema --dry-run"
        })
final class DeadLettersCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing subcommand: list, show, redrive or export");
    }
}
