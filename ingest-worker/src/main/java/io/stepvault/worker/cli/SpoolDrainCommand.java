package io.stepvault.worker.cli;

import io.stepvault.storage.StepStore;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.spool.SpoolEntry;
import io.stepvault.worker.spool.file.ScannedFile.Condition;
import io.stepvault.worker.spool.file.SpoolDirectory;
import io.stepvault.worker.spool.file.SpoolInUseException;
import io.stepvault.worker.spool.file.SpoolReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stores what waits in a disk queue whose worker is gone. */
@Command(
        name = "drain",
        description = {
            "Stores what waits in a disk queue whose worker is gone, and removes each file once all of it is stored.",
            "Storing twice does no harm. Completions are not published from here: whoever owns the partitions publishes"
                    + " them when it reads the records; for records that the topic has no more, nobody does.",
            "Ends with 1 if something is left."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault spool drain /mnt/rescued/spool --store s3://bucket/prefix --dry-run",
            "  stepvault spool drain /mnt/rescued/spool --config worker.properties"
        })
final class SpoolDrainCommand implements Callable<Integer> {
    @Mixin
    private SpoolArgument spool = new SpoolArgument();

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(names = "--dry-run", description = "Only say what would be stored.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print the summary as a JSON object.")
    private boolean json;

    private final Console console;

    SpoolDrainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Path directory = spool.existing();
        try (StepStore opened = store.open(console.environment())) {
            DrainSummary summary = dryRun ? lookOnly() : drain(directory, opened);
            if (json) {
                console.json(summary::json);
            } else {
                summary.table().lines().forEach(console::line);
                console.note(summary.text());
            }
            return summary.exitCode();
        }
    }

    private DrainSummary lookOnly() throws IOException {
        DrainSummary summary = new DrainSummary(true);
        spool.forEach(console, new SpoolReader(), file -> {
            summary.fileLeft(file.condition() != Condition.INTACT);
            for (SpoolEntry batch : file.batches()) {
                summary.left(batch.origin().partition(), batch.captures(), batch.bytes());
            }
            if (file.condition() != Condition.INTACT) {
                console.note(file.name() + ": " + file.problem());
            }
        });
        return summary;
    }

    private DrainSummary drain(Path directory, StepStore opened) throws IOException {
        try (SpoolDirectory held = SpoolDirectory.openExisting(directory)) {
            DrainSummary summary = new SpoolDrain(held, opened, console).run();
            if (summary.stored() > 0) {
                console.note("stored " + Amounts.count(summary.stored(), "capture") + " in " + opened.location()
                        + "; completions are published by the owner of the partitions, when it reads the records");
            }
            return summary;
        } catch (SpoolInUseException e) {
            throw CommandFailure.couldNotRun(
                    "a worker has " + directory + " open and drains it itself; stop that worker first", e);
        }
    }
}
