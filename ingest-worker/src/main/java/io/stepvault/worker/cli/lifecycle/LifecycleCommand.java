package io.stepvault.worker.cli.lifecycle;

import io.stepvault.worker.cli.terminal.Confirmation;
import io.stepvault.worker.cli.terminal.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The parent of what concerns how long things are kept. */
@Command(
        name = "lifecycle",
        description = {
            "Says what a store keeps and for how long, and removes what is too old, too much, left over, or not wanted.",
            "Workers, drains and readers may go on meanwhile. A command that was broken off is simply run again."
        },
        synopsisSubcommandLabel = "show | policy | apply | expire | clean | delete | versions | restore | bucket",
        footer = {
            "",
            "Examples:",
            "  stepvault lifecycle show --store s3://bucket/prefix",
            "  stepvault lifecycle policy --store s3://bucket/prefix --expire-after 90d --hold legal",
            "  stepvault lifecycle apply --store s3://bucket/prefix --dry-run"
        })
public final class LifecycleCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private LifecycleCommand() {}

    /** The command with its subcommands. */
    public static CommandLine tree(Console console, Confirmation confirmation) {
        return new CommandLine(new LifecycleCommand())
                .addSubcommand(new ShowCommand(console))
                .addSubcommand(new PolicyCommand(console, confirmation))
                .addSubcommand(new ApplyCommand(console, confirmation))
                .addSubcommand(new ExpireCommand(console, confirmation))
                .addSubcommand(new CleanCommand(console, confirmation))
                .addSubcommand(new DeleteCommand(console, confirmation))
                .addSubcommand(new VersionsCommand(console))
                .addSubcommand(new RestoreCommand(console))
                .addSubcommand(
                        "bucket",
                        new CommandLine(new BucketCommand())
                                .addSubcommand(new BucketShowCommand(console))
                                .addSubcommand(new BucketApplyCommand(console, confirmation))
                                .addSubcommand(new BucketRemoveCommand(console, confirmation)));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Missing subcommand: show, policy, apply, expire, clean, delete, versions, restore or bucket");
    }
}
