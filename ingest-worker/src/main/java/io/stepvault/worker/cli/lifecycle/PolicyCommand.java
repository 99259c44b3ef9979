package io.stepvault.worker.cli.lifecycle;

import io.stepvault.storage.LabelHold;
import io.stepvault.storage.LifecyclePolicy;
import io.stepvault.storage.SessionLifecycle;
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

/** Writes the store's policy. */
@Command(
        name = "policy",
        description = {
            "Writes the store's policy, in place of the one that it has: what is not named is not in it any more."
                    + " Nothing is removed before 'lifecycle apply'.",
            "A label holds every session of which any stored capture carries it: it does not expire, is not thinned out,"
                    + " and is deleted by force only."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault lifecycle policy --store s3://bucket/prefix --expire-after 90d --keep-revisions 3",
            "  stepvault lifecycle policy --store s3://bucket/prefix --expire-after 90d --hold legal --hold case=17",
            "  stepvault lifecycle policy --store s3://bucket/prefix --keep-all"
        })
final class PolicyCommand implements Callable<Integer> {
    @Mixin
    private StoreOption store = new StoreOption();

    @Option(
            names = "--expire-after",
            paramLabel = "DAYS",
            description = "Steps expire when the UTC day of their capture is so many days ago, as 90d; at least 2d.")
    private Optional<String> expireAfter = Optional.empty();

    @Option(
            names = "--keep-revisions",
            paramLabel = "N",
            description = "Of each step, the last so many revisions are kept.")
    private Optional<Integer> keepRevisions = Optional.empty();

    @Option(
            names = "--hold",
            paramLabel = "NAME[=VALUE]",
            description = "A label that holds sessions, with any value or this one. May be given more than once.")
    private List<String> holds = new ArrayList<>();

    @Option(names = "--keep-all", description = "The policy that removes nothing.")
    private boolean keepAll;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask before another policy is replaced.")
    private boolean yes;

    @Option(names = "--json", description = "Print the policy as a JSON object.")
    private boolean json;

    private final Console console;
    private final Confirmation confirmation;

    PolicyCommand(Console console, Confirmation confirmation) {
        this.console = console;
        this.confirmation = confirmation;
    }

    @Override
    public Integer call() {
        LifecyclePolicy policy = policy();
        boolean saysNothing = policy.equals(LifecyclePolicy.KEEP_ALL);
        if (saysNothing != keepAll) {
            throw CommandFailure.usage(
                    keepAll
                            ? "--keep-all is the policy that removes nothing; it goes with no other"
                            : "add --expire-after, --keep-revisions or --hold; or --keep-all");
        }
        try (SessionLifecycle lifecycle = store.open(console.environment(), SessionLifecycle::open)) {
            Optional<LifecyclePolicy> before = lifecycle.policy();
            if (before.isPresent() && !before.get().equals(policy) && !yes && !confirmed(before.get(), policy)) {
                console.note("the policy stays as it was");
                return ExitCode.DONE;
            }
            try {
                lifecycle.writePolicy(policy);
            } catch (IllegalArgumentException e) {
                throw CommandFailure.problem("the policy stays as it was: " + e.getMessage(), e);
            }
            if (json) {
                console.json(new PolicyText(policy)::json);
            } else {
                console.line(new PolicyText(policy).line());
            }
            return ExitCode.DONE;
        }
    }

    private boolean confirmed(LifecyclePolicy before, LifecyclePolicy policy) {
        if (!confirmation.isPossible()) {
            throw CommandFailure.usage("the store has another policy (" + new PolicyText(before).line()
                    + "), and there is no terminal to ask on; add --yes to replace it");
        }
        console.note("now     " + new PolicyText(before).line());
        console.note("then    " + new PolicyText(policy).line());
        return confirmation.ask(console, "Replace it?");
    }

    private LifecyclePolicy policy() {
        OptionalInt days = expireAfter.isPresent()
                ? OptionalInt.of(Ages.days("--expire-after", expireAfter.get()))
                : OptionalInt.empty();
        OptionalInt revisions = keepRevisions.isPresent() ? OptionalInt.of(keepRevisions.get()) : OptionalInt.empty();
        try {
            return new LifecyclePolicy(
                    days, revisions, holds.stream().map(LabelHold::parse).toList());
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("this is no policy: " + e.getMessage());
        }
    }
}
