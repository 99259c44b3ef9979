package io.stepvault.worker.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The parent of what concerns the three topics. */
@Command(
        name = "topics",
        description = "Creates and lists Stepvault's three topics.",
        synopsisSubcommandLabel = "create | list",
        footer = {
            "",
            "Examples:",
            "  stepvault topics create --bootstrap localhost:9092",
            "  stepvault topics list --config worker.properties"
        })
final class TopicsCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing subcommand: create or list");
    }
}
