package io.stepvault.worker.cli;

import io.stepvault.storage.Page;
import io.stepvault.storage.SessionEntry;
import io.stepvault.storage.StepStore;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.JsonText;
import io.stepvault.worker.cli.terminal.Table;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the sessions of a store. */
@Command(
        name = "sessions",
        description = "Lists the sessions of a store, newest day first. A session that spans days is listed on each.",
        footer = {
            "",
            "Examples:",
            "  stepvault sessions --store s3://bucket/prefix",
            "  stepvault sessions --store s3://bucket/prefix --prefix crawl- --since 2026-11-01",
            "  stepvault sessions --store file:///var/lib/stepvault --limit 20 --json"
        })
final class SessionsCommand implements Callable<Integer> {
    @Mixin
    private StoreOption store = new StoreOption();

    @Mixin
    private SessionFilterOptions filter = new SessionFilterOptions();

    @Option(names = "--by-id", description = "List by id, each session once and without its days.")
    private boolean byId;

    @Mixin
    private PageOptions pages = new PageOptions();

    @Option(names = "--json", description = "Print one JSON object: sessions, and the token to go on with.")
    private boolean json;

    private final Console console;

    SessionsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (byId && filter.hasDays()) {
            throw CommandFailure.usage("--by-id lists without days; leave out --since and --until, or --by-id");
        }
        try (StepStore opened = store.open(console.environment())) {
            if (byId) {
                listIds(opened);
                return ExitCode.DONE;
            }
            Page<SessionEntry> page = pages.read(request -> opened.sessions(filter.filter(), request));
            if (json) {
                printJson(page);
            } else {
                Table table = new Table().column("DAY").column("SESSION");
                page.items().forEach(session -> table.row(session.day().toString(), session.sessionId()));
                console.table(table, "no sessions in " + opened.location());
                PageOptions.more(page).ifPresent(console::note);
            }
            return ExitCode.DONE;
        }
    }

    private void listIds(StepStore opened) {
        Page<String> page =
                pages.read(request -> opened.sessionIds(filter.filter().idPrefix(), request));
        if (json) {
            console.json(fields -> {
                fields.writeArrayFieldStart("sessions");
                for (String session : page.items()) {
                    fields.writeStartObject();
                    fields.writeStringField("session_id", session);
                    fields.writeEndObject();
                }
                fields.writeEndArray();
                JsonText.optional(fields, "next", page.nextToken());
            });
        } else {
            Table table = new Table().column("SESSION");
            page.items().forEach(table::row);
            console.table(table, "no sessions in " + opened.location());
            PageOptions.more(page).ifPresent(console::note);
        }
    }

    private void printJson(Page<SessionEntry> page) {
        console.json(fields -> {
            fields.writeArrayFieldStart("sessions");
            for (SessionEntry session : page.items()) {
                fields.writeStartObject();
                fields.writeStringField("day", session.day().toString());
                fields.writeStringField("session_id", session.sessionId());
                fields.writeEndObject();
            }
            fields.writeEndArray();
            JsonText.optional(fields, "next", page.nextToken());
        });
    }
}
