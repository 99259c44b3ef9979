package io.stepvault.worker.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The parent of what concerns a worker's disk queue. */
@Command(
        name = "spool",
        description = {
            "Looks into a worker's disk queue, the batches that the store did not take yet, or empties one whose worker"
                    + " is gone.",
            "Looking does no harm to a worker that runs, and works on a copy of its disk as well."
        },
        synopsisSubcommandLabel = "ls | show | verify | drain",
        footer = {
            "",
            "Examples:",
            "  stepvault spool ls /var/lib/stepvault/spool",
            "  stepvault spool verify /mnt/rescued/spool",
            "  stepvault spool drain /mnt/rescued/spool --store s3://bucket/prefix"
        })
final class SpoolCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing subcommand: ls, show, verify or drain");
    }
}
