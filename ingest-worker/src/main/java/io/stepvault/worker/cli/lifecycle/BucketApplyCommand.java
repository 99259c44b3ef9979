package io.stepvault.worker.cli.lifecycle;

import io.stepvault.storage.BucketLifecycle;
import io.stepvault.storage.BucketLifecycle.Wanted;
import io.stepvault.storage.object.BucketRule;
import io.stepvault.worker.cli.CommandFailure;
import io.stepvault.worker.cli.ExitCode;
import io.stepvault.worker.cli.StoreOption;
import io.stepvault.worker.cli.terminal.Confirmation;
import io.stepvault.worker.cli.terminal.Console;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Gives a bucket rules. */
@Command(
        name = "apply",
        description = {
            "Gives the bucket rules for this store, in place of those that it has for it: what is not named is not done"
                    + " any more. Rules of others stay as they are.",
            "S3 takes all rules of a bucket at once, so do not change rules elsewhere at the same moment."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault lifecycle bucket apply --store s3://bucket/prefix --versioning --old-versions-after 30d",
            "  stepvault lifecycle bucket apply --store s3://bucket/prefix --uploads-after 7d --dry-run"
        })
final class BucketApplyCommand implements Callable<Integer> {
    @Mixin
    private StoreOption store = new StoreOption();

    @Option(
            names = "--expire-after",
            paramLabel = "DAYS",
            description = "Objects of steps expire so long after they were stored, as 90d, and day markers a day later."
                    + " Refused if the policy has labels that hold.")
    private Optional<String> expireAfter = Optional.empty();

    @Option(
            names = "--old-versions-after",
            paramLabel = "DAYS",
            description = "What was deleted or replaced goes for good after so long.")
    private Optional<String> oldVersionsAfter = Optional.empty();

    @Option(
            names = "--uploads-after",
            paramLabel = "DAYS",
            description = "Uploads in parts that are not finished are given up after so long.")
    private Optional<String> uploadsAfter = Optional.empty();

    @Option(names = "--versioning", description = "Have the bucket keep versions from now on, of everything in it.")
    private boolean versioning;

    @Option(names = "--dry-run", description = "Only show the rules.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    private final Console console;
    private final Confirmation confirmation;

    BucketApplyCommand(Console console, Confirmation confirmation) {
        this.console = console;
        this.confirmation = confirmation;
    }

    @Override
    public Integer call() {
        Wanted wanted = wanted();
        if (wanted.equals(Wanted.NOTHING) && !versioning) {
            throw CommandFailure.usage("add --expire-after, --old-versions-after, --uploads-after or --versioning;"
                    + " 'lifecycle bucket remove' takes rules away");
        }
        if (!dryRun && !yes && !confirmation.isPossible()) {
            throw CommandFailure.usage("there is no terminal to ask on; add --yes, or --dry-run to see the rules");
        }
        try (BucketLifecycle bucket = store.open(console.environment(), BucketLifecycle::open)) {
            plan(bucket, wanted).forEach(dryRun ? console::line : console::note);
            if (dryRun) {
                console.note("nothing was changed");
                return ExitCode.DONE;
            }
            if (!yes && !confirmation.ask(console, "Have the bucket do this?")) {
                console.note("nothing was changed");
                return ExitCode.DONE;
            }
            apply(bucket, wanted);
            console.line("done; S3 may take a day to act on it");
            return ExitCode.DONE;
        }
    }

    private void apply(BucketLifecycle bucket, Wanted wanted) {
        if (versioning) {
            bucket.enableVersioning();
        }
        if (!wanted.equals(Wanted.NOTHING)) {
            try {
                bucket.apply(wanted);
            } catch (IllegalArgumentException e) {
                throw CommandFailure.problem("nothing was changed: " + e.getMessage(), e);
            }
        }
    }

    private List<String> plan(BucketLifecycle bucket, Wanted wanted) {
        List<String> lines = new ArrayList<>();
        if (versioning) {
            lines.add("versioning on, for the whole bucket");
        }
        for (BucketRule rule : bucket.rules(wanted)) {
            rule.expireAfterDays()
                    .ifPresent(days -> lines.add(rule.prefix() + ": objects expire after " + days + " days"));
            rule.oldVersionsAfterDays()
                    .ifPresent(days -> lines.add(rule.prefix() + ": old versions go after " + days + " days"));
            rule.uploadsAfterDays()
                    .ifPresent(days ->
                            lines.add(rule.prefix() + ": unfinished uploads are given up after " + days + " days"));
        }
        return lines;
    }

    private Wanted wanted() {
        try {
            return new Wanted(
                    days("--expire-after", expireAfter),
                    days("--old-versions-after", oldVersionsAfter),
                    days("--uploads-after", uploadsAfter));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--expire-after: " + e.getMessage());
        }
    }

    private static OptionalInt days(String option, Optional<String> text) {
        return text.isPresent() ? OptionalInt.of(Ages.days(option, text.get())) : OptionalInt.empty();
    }
}
