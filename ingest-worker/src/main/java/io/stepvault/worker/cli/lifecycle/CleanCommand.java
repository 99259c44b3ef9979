package io.stepvault.worker.cli.lifecycle;

import io.stepvault.storage.SessionLifecycle;
import io.stepvault.worker.cli.StoreOption;
import io.stepvault.worker.cli.terminal.Confirmation;
import io.stepvault.worker.cli.terminal.Console;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Removes what nobody can read. */
@Command(
        name = "clean",
        description = {
            "Removes what nobody can read: artifacts without a commit record that nobody has written for the grace, what"
                    + " is left of deleted sessions, and uploads (on a file system: temporary files) that were begun"
                    + " before the grace and never finished.",
            "Looks at all keys of the store."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault lifecycle clean --store s3://bucket/prefix --dry-run",
            "  stepvault lifecycle clean --store file:///var/lib/stepvault --grace 7d --yes"
        })
final class CleanCommand implements Callable<Integer> {
    @Mixin
    private StoreOption store = new StoreOption();

    @Mixin
    private GraceOption grace = new GraceOption();

    @Mixin
    private RemovalOptions options = new RemovalOptions();

    private final Console console;
    private final Confirmation confirmation;

    CleanCommand(Console console, Confirmation confirmation) {
        this.console = console;
        this.confirmation = confirmation;
    }

    @Override
    public Integer call() {
        Duration least = grace.duration();
        RemovalWork.refuseUnasked(options, confirmation);
        try (SessionLifecycle lifecycle = store.open(console.environment(), SessionLifecycle::open)) {
            return new RemovalWork(console, confirmation, options, lifecycle)
                    .run(RemovalWork.only(each -> each.clean(least)));
        }
    }
}
