package io.stepvault.worker.cli.lifecycle;

import io.stepvault.storage.BucketLifecycle;
import io.stepvault.storage.BucketLifecycle.Rule;
import io.stepvault.storage.BucketLifecycle.Wanted;
import io.stepvault.worker.cli.CommandFailure;
import io.stepvault.worker.cli.ExitCode;
import io.stepvault.worker.cli.StoreOption;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Confirmation;
import io.stepvault.worker.cli.terminal.Console;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes this store's rules from a bucket. */
@Command(
        name = "remove",
        description = "Takes the rules that the bucket has for this store away. Rules of others, and versioning, stay.",
        footer = {
            "",
            "Examples:",
            "  stepvault lifecycle bucket remove --store s3://bucket/prefix",
            "  stepvault lifecycle bucket remove --store s3://bucket/prefix --yes"
        })
final class BucketRemoveCommand implements Callable<Integer> {
    @Mixin
    private StoreOption store = new StoreOption();

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    private final Console console;
    private final Confirmation confirmation;

    BucketRemoveCommand(Console console, Confirmation confirmation) {
        this.console = console;
        this.confirmation = confirmation;
    }

    @Override
    public Integer call() {
        if (!yes && !confirmation.isPossible()) {
            throw CommandFailure.usage("there is no terminal to ask on; add --yes");
        }
        try (BucketLifecycle bucket = store.open(console.environment(), BucketLifecycle::open)) {
            List<Rule> ours = bucket.state().rules().orElse(List.of()).stream()
                    .filter(Rule::isOurs)
                    .toList();
            if (ours.isEmpty()) {
                console.note("the bucket has no rules for this store");
                return ExitCode.DONE;
            }
            ours.forEach(rule ->
                    console.note(rule.rule().prefix() + ": " + rule.rule().action()));
            String rules = Amounts.count(ours.size(), "rule");
            if (!yes && !confirmation.ask(console, "Take " + rules + " away?")) {
                console.note("nothing was changed");
                return ExitCode.DONE;
            }
            bucket.apply(Wanted.NOTHING);
            console.line("took " + rules + " away");
            return ExitCode.DONE;
        }
    }
}
