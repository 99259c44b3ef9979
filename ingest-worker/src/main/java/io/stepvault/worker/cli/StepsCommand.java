package io.stepvault.worker.cli;

import io.stepvault.capture.InvalidIdException;
import io.stepvault.storage.Completeness;
import io.stepvault.storage.Page;
import io.stepvault.storage.SequenceRange;
import io.stepvault.storage.StepEntry;
import io.stepvault.storage.StepStore;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.JsonText;
import io.stepvault.worker.cli.terminal.Table;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the steps of a session. */
@Command(
        name = "steps",
        description = "Lists the steps of a session by capture time, each with its latest revision.",
        footer = {
            "",
            "Examples:",
            "  stepvault steps crawl-17 --store s3://bucket/prefix",
            "  stepvault steps crawl-17 --store s3://bucket/prefix --completeness",
            "  stepvault steps crawl-17 --config worker.properties --json"
        })
final class StepsCommand implements Callable<Integer> {
    private static final int MAX_RANGES = 20;

    @Parameters(paramLabel = "SESSION", description = "The session's id.")
    private String session = "";

    @Mixin
    private StoreOption store = new StoreOption();

    @Mixin
    private PageOptions pages = new PageOptions();

    @Option(
            names = "--completeness",
            description = {
                "Also read every commit record, and say which sequence numbers are missing and whether the session has"
                        + " ended. Ends with 1 if a number is missing."
            })
    private boolean completeness;

    @Option(names = "--json", description = "Print one JSON object: steps, and the token to go on with.")
    private boolean json;

    private final Console console;

    StepsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try (StepStore opened = store.open(console.environment())) {
            Page<StepEntry> page = pages.read(request -> {
                try {
                    return opened.steps(session, request);
                } catch (InvalidIdException e) {
                    throw CommandFailure.usage("SESSION " + e.getMessage());
                }
            });
            Optional<Completeness> whole = completeness ? Optional.of(opened.completeness(session)) : Optional.empty();
            if (json) {
                printJson(page, whole);
            } else {
                Table table = new Table().column("STEP").column("CAPTURED AT").column("REVISION");
                page.items()
                        .forEach(step -> table.row(
                                step.stepId(),
                                step.revision().capturedAt().toString(),
                                step.revision().toString()));
                console.table(table, "no steps of session " + session + " in " + opened.location());
                PageOptions.more(page).ifPresent(console::note);
                whole.map(StepsCommand::text).ifPresent(console::note);
            }
            boolean isMissing = whole.filter(known -> known.missingCount() > 0).isPresent();
            return page.items().isEmpty() || isMissing ? ExitCode.PROBLEMS : ExitCode.DONE;
        }
    }

    private static String text(Completeness whole) {
        String captures = Amounts.count(whole.captures(), "capture") + "; ";
        String numbers = whole.lastSequence().isEmpty()
                ? "none has a sequence number; "
                : whole.missingCount() == 0
                        ? "none is missing up to number " + whole.lastSequence().getAsLong() + "; "
                        : missing(whole) + "; ";
        return captures + numbers + (whole.ended() ? "the session has ended" : "the session has not ended");
    }

    private static String missing(Completeness whole) {
        String ranges = whole.missing().stream()
                .limit(MAX_RANGES)
                .map(range -> range.from() == range.to() ? "" + range.from() : range.from() + "-" + range.to())
                .collect(Collectors.joining(", "));
        return Amounts.count(whole.missingCount(), "number") + " missing: " + ranges
                + (whole.missing().size() > MAX_RANGES ? ", ..." : "");
    }

    private void printJson(Page<StepEntry> page, Optional<Completeness> whole) {
        console.json(fields -> {
            fields.writeStringField("session_id", session);
            fields.writeArrayFieldStart("steps");
            for (StepEntry step : page.items()) {
                fields.writeStartObject();
                fields.writeStringField("step_id", step.stepId());
                fields.writeStringField(
                        "captured_at", step.revision().capturedAt().toString());
                fields.writeStringField("revision", step.revision().toString());
                fields.writeEndObject();
            }
            fields.writeEndArray();
            JsonText.optional(fields, "next", page.nextToken());
            if (whole.isPresent()) {
                Completeness known = whole.get();
                fields.writeObjectFieldStart("completeness");
                fields.writeNumberField("captures", known.captures());
                fields.writeBooleanField("ended", known.ended());
                fields.writeNumberField("missing_count", known.missingCount());
                fields.writeArrayFieldStart("missing");
                for (SequenceRange range : known.missing()) {
                    fields.writeStartObject();
                    fields.writeNumberField("from", range.from());
                    fields.writeNumberField("to", range.to());
                    fields.writeEndObject();
                }
                fields.writeEndArray();
                fields.writeEndObject();
            }
        });
    }
}
