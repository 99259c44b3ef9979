package io.stepvault.worker.cli.lifecycle;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The parent of what concerns a bucket's own lifecycle. */
@Command(
        name = "bucket",
        description = {
            "Shows and changes what an S3 bucket does by itself: its lifecycle rules, and whether it keeps versions.",
            "A bucket goes by when an object was put, not by when a step was captured, and knows no labels that hold. It"
                    + " may remove the objects of a step in any order, within a day or so; who reads such a step is told"
                    + " that it has expired."
        },
        synopsisSubcommandLabel = "show | apply | remove",
        footer = {
            "",
            "Examples:",
            "  stepvault lifecycle bucket show --store s3://bucket/prefix",
            "  stepvault lifecycle bucket apply --store s3://bucket/prefix --old-versions-after 30d --uploads-after 7d"
        })
final class BucketCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing subcommand: show, apply or remove");
    }
}
