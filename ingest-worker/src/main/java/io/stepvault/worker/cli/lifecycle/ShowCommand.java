package io.stepvault.worker.cli.lifecycle;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stepvault.storage.BucketLifecycle;
import io.stepvault.storage.LifecycleState;
import io.stepvault.storage.SessionLifecycle;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.worker.cli.ExitCode;
import io.stepvault.worker.cli.StoreOption;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.JsonText;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what a store keeps and for how long. */
@Command(
        name = "show",
        description = {
            "Says what a store keeps and for how long: its policy, its days, what would expire, what has been deleted, and"
                    + " what its bucket does by itself.",
            "Lists the day markers, so it takes one request for each 1,000 of them."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault lifecycle show --store s3://bucket/prefix",
            "  stepvault lifecycle show --config worker.properties --json"
        })
final class ShowCommand implements Callable<Integer> {
    @Mixin
    private StoreOption store = new StoreOption();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    private final Console console;

    ShowCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        LifecycleState state;
        URI location;
        try (SessionLifecycle lifecycle = store.open(console.environment(), SessionLifecycle::open)) {
            location = lifecycle.location();
            state = lifecycle.state();
        }
        Optional<BucketLifecycle.State> bucket = "s3".equals(location.getScheme()) ? bucket() : Optional.empty();
        if (json) {
            console.json(fields -> write(fields, location, state, bucket));
        } else {
            print(location, state);
            bucket.map(BucketText::new).ifPresent(text -> {
                line("versioning", text.versioning());
                line("rules", text.rules());
            });
        }
        return ExitCode.DONE;
    }

    /** What the bucket does, if we have the right to know. */
    private Optional<BucketLifecycle.State> bucket() {
        try (BucketLifecycle bucket = store.open(console.environment(), BucketLifecycle::open)) {
            return Optional.of(bucket.state());
        } catch (StoreAccessException e) {
            console.note("what the bucket does by itself is not known: " + e.getMessage());
            return Optional.empty();
        }
    }

    private void print(URI location, LifecycleState state) {
        line("store", location.toString());
        line(
                "policy",
                state.policy().map(policy -> new PolicyText(policy).line()).orElse("none; keeps all for ever"));
        line(
                "sessions",
                state.days() == 0
                        ? "none"
                        : "on " + Amounts.count(state.days(), "day") + ", "
                                + state.firstDay().orElseThrow() + " to "
                                + state.lastDay().orElseThrow() + "; "
                                + state.listed() + " listed, each on each of its days");
        if (state.policy().flatMap(policy -> policy.firstKeptDay(Instant.EPOCH)).isPresent()) {
            line("expired", state.expired() + " of these, which 'lifecycle apply' removes unless they are held");
        }
        line("deleted", Amounts.count(state.deletedSessions(), "session"));
        line(
                "removals",
                state.removals() == 0
                        ? "none at this time"
                        : state.removals() + " at work, or ended before their time");
        line("uploads", uploads(state));
    }

    private static String uploads(LifecycleState state) {
        if (state.uploads().isEmpty()) {
            return "not known: there is no right to list them";
        }
        return state.uploads().getAsLong() + " unfinished"
                + state.firstUpload()
                        .map(time -> ", the first begun at " + time)
                        .orElse("");
    }

    private void line(String name, String text) {
        console.line(String.format("%-12s", name) + text);
    }

    private static void write(
            JsonGenerator fields, URI location, LifecycleState state, Optional<BucketLifecycle.State> bucket)
            throws IOException {
        fields.writeStringField("store", location.toString());
        if (state.policy().isPresent()) {
            fields.writeObjectFieldStart("policy");
            new PolicyText(state.policy().get()).json(fields);
            fields.writeEndObject();
        } else {
            fields.writeNullField("policy");
        }
        JsonText.optional(fields, "first_day", state.firstDay().map(LocalDate::toString));
        JsonText.optional(fields, "last_day", state.lastDay().map(LocalDate::toString));
        fields.writeNumberField("days", state.days());
        fields.writeNumberField("listed", state.listed());
        fields.writeNumberField("expired", state.expired());
        fields.writeNumberField("deleted_sessions", state.deletedSessions());
        fields.writeNumberField("removals", state.removals());
        if (state.uploads().isPresent()) {
            fields.writeNumberField("uploads", state.uploads().getAsLong());
        } else {
            fields.writeNullField("uploads");
        }
        JsonText.optional(fields, "first_upload", state.firstUpload().map(Instant::toString));
        if (bucket.isPresent()) {
            fields.writeObjectFieldStart("bucket");
            new BucketText(bucket.get()).json(fields);
            fields.writeEndObject();
        } else {
            fields.writeNullField("bucket");
        }
    }
}
