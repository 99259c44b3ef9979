package io.stepvault.worker.cli;

import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.Table;
import io.stepvault.worker.config.KafkaConfig;
import io.stepvault.worker.deadletter.DeadLetterIndex;
import io.stepvault.worker.deadletter.DeadLetterReader;
import io.stepvault.worker.deadletter.StoredDeadLetter;
import io.stepvault.worker.deadletter.StrangeRecord;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists dead letters. */
@Command(
        name = "list",
        description = {
            "Lists dead letters, the newest first, 100 unless --limit says otherwise.",
            "STATE is waiting, redriven (sent through the pipeline again) or partial (chunks of it are missing). Ends"
                    + " with 1 if there are records on the topic that are no dead letters."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault dead-letters list --bootstrap localhost:9092 --summary",
            "  stepvault dead-letters list --config worker.properties --reason undecodable --since 24h --json"
        })
final class DeadLettersListCommand implements Callable<Integer> {
    private static final int DEFAULT_LIMIT = 100;

    @Mixin
    private DeadLetterTopicOptions topic = new DeadLetterTopicOptions();

    @Mixin
    private DeadLetterFilter filter = new DeadLetterFilter();

    @Option(names = "--summary", description = "Only how many there are for each reason.")
    private boolean summary;

    @Option(names = "--json", description = "Print one JSON object per letter, or per reason.")
    private boolean json;

    private final Console console;

    DeadLettersListCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        DeadLetterFilter.Selection selection = filter.selection(console.clock());
        KafkaConfig kafka = topic.kafka(console.environment());
        DeadLetterIndex index;
        try (DeadLetterReader reader = topic.open(kafka)) {
            index = reader.scan(selection.since());
        }
        List<StoredDeadLetter> letters = selection.of(index);
        DeadLetterSummary counts = new DeadLetterSummary(letters);
        String none = "no dead letters on " + topic.topic(kafka);
        if (summary && json) {
            counts.json(console);
        } else if (summary) {
            console.table(counts.table(), none);
        } else {
            list(letters, selection.limit().orElse(DEFAULT_LIMIT), counts, none);
        }
        return selection.takesStrangeRecords() && tellStrange(index, selection) ? ExitCode.PROBLEMS : ExitCode.DONE;
    }

    private void list(List<StoredDeadLetter> letters, int limit, DeadLetterSummary counts, String none) {
        Table table = DeadLetterText.table();
        for (int i = letters.size() - 1; i >= Math.max(0, letters.size() - limit); i--) {
            DeadLetterText text = new DeadLetterText(letters.get(i));
            if (json) {
                console.json(text::json);
            } else {
                text.row(table);
            }
        }
        if (!json) {
            console.table(table, none);
        }
        if (!letters.isEmpty()) {
            console.note(counts.line() + (letters.size() > limit ? "; showing the newest " + limit : ""));
        }
    }

    private boolean tellStrange(DeadLetterIndex index, DeadLetterFilter.Selection selection) {
        List<StrangeRecord> strange = index.strangeRecords().stream()
                .filter(record -> selection.takes(record.at()))
                .toList();
        for (StrangeRecord record : strange) {
            if (json && !summary) {
                console.json(fields -> {
                    fields.writeBooleanField("dead_letter", false);
                    fields.writeStringField("place", record.place().toString());
                    fields.writeStringField("at", record.at().toString());
                    fields.writeNumberField("bytes", record.bytes());
                    fields.writeStringField("detail", record.why());
                });
            } else if (!summary) {
                console.note(record.place() + " (" + Amounts.bytes(record.bytes()) + ", " + record.at()
                        + ") is no dead letter: " + record.why());
            }
        }
        if (index.strangeCount() > strange.size() || (summary && !strange.isEmpty())) {
            console.note(Amounts.count(index.strangeCount(), "record") + " on the topic in all are no dead letters");
        }
        return !strange.isEmpty();
    }
}
