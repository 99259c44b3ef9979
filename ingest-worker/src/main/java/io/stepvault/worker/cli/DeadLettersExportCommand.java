package io.stepvault.worker.cli;

import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.Progress;
import io.stepvault.worker.cli.terminal.ProgressDisplay;
import io.stepvault.worker.config.KafkaConfig;
import io.stepvault.worker.deadletter.DeadLetterReader;
import io.stepvault.worker.deadletter.LetterUnreadableException;
import io.stepvault.worker.deadletter.StoredDeadLetter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Saves dead letters to files. */
@Command(
        name = "export",
        description = {
            "Saves dead letters to a directory, those redriven too: PARTITION-OFFSET.bin with the bytes and"
                    + " PARTITION-OFFSET.json with all the rest, named by the place on the dead-letter topic.",
            "Overwrites nothing. Ends with 1 if the bytes of some could not be had."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault dead-letters export --to letters/ --config worker.properties",
            "  stepvault dead-letters export --to letters/ --bootstrap localhost:9092 --reason undecodable"
        })
final class DeadLettersExportCommand implements Callable<Integer> {
    @Mixin
    private DeadLetterTopicOptions topic = new DeadLetterTopicOptions();

    @Mixin
    private DeadLetterFilter filter = new DeadLetterFilter();

    @Option(names = "--to", paramLabel = "DIR", required = true, description = "The directory; made if missing.")
    private Path directory = Path.of("");

    @Option(names = "--json", description = "Print the summary as a JSON object.")
    private boolean json;

    private final Console console;

    DeadLettersExportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        DeadLetterFilter.Selection selection = filter.selection(console.clock());
        KafkaConfig kafka = topic.kafka(console.environment());
        Counts counts = new Counts();
        try (DeadLetterReader reader = topic.open(kafka);
                ProgressDisplay display = new ProgressDisplay(console)) {
            DeadLetterFiles files = new DeadLetterFiles(directory);
            List<StoredDeadLetter> letters = selection.limited(selection.of(reader.scan(selection.since())));
            try {
                export(letters, reader, files, counts, display);
            } finally {
                display.close();
                tell(counts); // also when it is given up half-way
            }
        }
        return counts.failed > 0 ? ExitCode.PROBLEMS : ExitCode.DONE;
    }

    private void export(
            List<StoredDeadLetter> letters,
            DeadLetterReader reader,
            DeadLetterFiles files,
            Counts counts,
            ProgressDisplay display) {
        Instant start = console.clock().instant();
        long total = DeadLetterSummary.bytes(letters);
        // As they lie: one pass over the topic.
        for (StoredDeadLetter letter : letters.stream()
                .sorted((a, b) -> a.place().compareTo(b.place()))
                .toList()) {
            try {
                files.write(letter, reader.load(letter));
                counts.exported++;
                counts.bytes += letter.payload().bytes().orElse(0);
            } catch (LetterUnreadableException e) {
                counts.failed++;
                display.note("not exported: " + e.getMessage());
            }
            display.update(new Progress(
                    "dead letters",
                    counts.exported + counts.failed,
                    letters.size(),
                    counts.bytes,
                    total,
                    Duration.between(start, console.clock().instant())));
        }
    }

    private void tell(Counts counts) {
        if (json) {
            console.json(fields -> {
                fields.writeNumberField("exported", counts.exported);
                fields.writeNumberField("failed", counts.failed);
                fields.writeNumberField("bytes", counts.bytes);
            });
        } else {
            console.line("exported " + Amounts.count(counts.exported, "dead letter") + ", "
                    + Amounts.bytes(counts.bytes) + ", to " + directory + "; failed " + counts.failed);
        }
    }

    private static final class Counts {
        private long exported;
        private long failed;
        private long bytes;
    }
}
