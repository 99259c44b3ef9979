package io.stepvault.worker.cli.lifecycle;

import io.stepvault.storage.LifecyclePolicy;
import io.stepvault.storage.SessionLifecycle;
import io.stepvault.worker.cli.CommandFailure;
import io.stepvault.worker.cli.StoreOption;
import io.stepvault.worker.cli.terminal.Confirmation;
import io.stepvault.worker.cli.terminal.Console;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Removes old steps. */
@Command(
        name = "expire",
        description = {
            "Removes the steps that were captured on UTC days before a day, whatever the policy's age is; but not of"
                    + " sessions that its labels hold.",
            "Looks at the day markers and at the sessions that it removes something of, and at no others."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault lifecycle expire --store s3://bucket/prefix --older-than 30d --dry-run",
            "  stepvault lifecycle expire --store s3://bucket/prefix --before 2026-10-01 --yes"
        })
final class ExpireCommand implements Callable<Integer> {
    @Mixin
    private StoreOption store = new StoreOption();

    @ArgGroup(multiplicity = "1")
    private Age age = new Age();

    /** One of two ways to say it. */
    static final class Age {
        @Option(
                names = "--before",
                paramLabel = "DAY",
                required = true,
                description = "What was captured on UTC days before this one, at the latest the day before yesterday.")
        private String before = "";

        @Option(
                names = "--older-than",
                paramLabel = "DAYS",
                required = true,
                description = "What was captured so many days ago, as 30d; at least 2d.")
        private String olderThan = "";
    }

    @Mixin
    private RemovalOptions options = new RemovalOptions();

    private final Console console;
    private final Confirmation confirmation;

    ExpireCommand(Console console, Confirmation confirmation) {
        this.console = console;
        this.confirmation = confirmation;
    }

    @Override
    public Integer call() {
        LocalDate before = before();
        RemovalWork.refuseUnasked(options, confirmation);
        try (SessionLifecycle lifecycle = store.open(console.environment(), SessionLifecycle::open)) {
            return new RemovalWork(console, confirmation, options, lifecycle)
                    .run(RemovalWork.only(each -> each.expire(before)));
        }
    }

    private LocalDate before() {
        LocalDate today = LocalDate.ofInstant(console.clock().instant(), ZoneOffset.UTC);
        LocalDate latest = today.minusDays(LifecyclePolicy.MIN_DAYS);
        boolean isDay = !age.before.isEmpty();
        LocalDate before =
                isDay ? Ages.date("--before", age.before) : today.minusDays(Ages.days("--older-than", age.olderThan));
        if (before.isAfter(latest)) {
            throw CommandFailure.usage((isDay ? "--before: '" + age.before : "--older-than: '" + age.olderThan)
                    + "' is too young; what was captured before " + latest
                    + " can expire, younger steps may still be on their way");
        }
        return before;
    }
}
