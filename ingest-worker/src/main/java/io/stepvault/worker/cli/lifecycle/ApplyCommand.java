package io.stepvault.worker.cli.lifecycle;

import io.stepvault.storage.PolicyApplied;
import io.stepvault.storage.Removed;
import io.stepvault.storage.SessionLifecycle;
import io.stepvault.worker.cli.CommandFailure;
import io.stepvault.worker.cli.StoreOption;
import io.stepvault.worker.cli.terminal.Confirmation;
import io.stepvault.worker.cli.terminal.Console;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Does what the store's policy says. */
@Command(
        name = "apply",
        description = {
            "Does what the store's policy says: removes steps that have expired and revisions that are too many, but for"
                    + " sessions that a label holds; then cleans up as 'lifecycle clean' does.",
            "To be run once a day, by cron or a CronJob. Looks at all keys of the store if the policy limits revisions,"
                    + " and to clean up."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault lifecycle apply --store s3://bucket/prefix --dry-run",
            "  stepvault lifecycle apply --store s3://bucket/prefix --yes --json"
        })
final class ApplyCommand implements Callable<Integer> {
    @Mixin
    private StoreOption store = new StoreOption();

    @Mixin
    private GraceOption grace = new GraceOption();

    @Mixin
    private RemovalOptions options = new RemovalOptions();

    private final Console console;
    private final Confirmation confirmation;

    ApplyCommand(Console console, Confirmation confirmation) {
        this.console = console;
        this.confirmation = confirmation;
    }

    @Override
    public Integer call() {
        Duration least = grace.duration();
        RemovalWork.refuseUnasked(options, confirmation);
        try (SessionLifecycle lifecycle = store.open(console.environment(), SessionLifecycle::open)) {
            if (lifecycle.policy().isEmpty()) {
                throw CommandFailure.problem(
                        "there is no policy in " + lifecycle.location()
                                + "; write one with 'stepvault lifecycle policy', or run 'stepvault lifecycle clean'",
                        null);
            }
            return new RemovalWork(console, confirmation, options, lifecycle).run(each -> parts(each.apply(least)));
        }
    }

    private static Map<String, Removed> parts(PolicyApplied applied) {
        Map<String, Removed> parts = new LinkedHashMap<>();
        parts.put("expired", applied.expired());
        parts.put("thinned_out", applied.thinnedOut());
        parts.put("cleaned", applied.cleaned());
        return parts;
    }
}
