package io.stepvault.worker.cli;

import io.stepvault.capture.InvalidIdException;
import io.stepvault.storage.Page;
import io.stepvault.storage.StepEntry;
import io.stepvault.storage.StepStore;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.JsonText;
import io.stepvault.worker.cli.terminal.Table;
import java.util.concurrent.Callable;
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
            "  stepvault steps crawl-17 --config worker.properties --json"
        })
final class StepsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SESSION", description = "The session's id.")
    private String session = "";

    @Mixin
    private StoreOption store = new StoreOption();

    @Mixin
    private PageOptions pages = new PageOptions();

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
            if (json) {
                printJson(page);
            } else {
                Table table = new Table().column("STEP").column("CAPTURED AT").column("REVISION");
                page.items()
                        .forEach(step -> table.row(
                                step.stepId(),
                                step.revision().capturedAt().toString(),
                                step.revision().toString()));
                console.table(table, "no steps of session " + session + " in " + opened.location());
                PageOptions.more(page).ifPresent(console::note);
            }
            return page.items().isEmpty() ? ExitCode.PROBLEMS : ExitCode.DONE;
        }
    }

    private void printJson(Page<StepEntry> page) {
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
        });
    }
}
