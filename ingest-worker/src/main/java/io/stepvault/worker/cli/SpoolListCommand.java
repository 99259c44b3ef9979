package io.stepvault.worker.cli;

import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.Table;
import io.stepvault.worker.spool.SpoolEntry;
import io.stepvault.worker.spool.file.ScannedFile;
import io.stepvault.worker.spool.file.ScannedFile.Condition;
import io.stepvault.worker.spool.file.SpoolReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists what waits in a disk queue. */
@Command(
        name = "ls",
        description = "Lists the files of a disk queue, oldest first. Ends with 1 if one of them is not intact.",
        footer = {
            "",
            "Examples:",
            "  stepvault spool ls /var/lib/stepvault/spool",
            "  stepvault spool ls /var/lib/stepvault/spool --batches --json"
        })
final class SpoolListCommand implements Callable<Integer> {
    @Mixin
    private SpoolArgument spool = new SpoolArgument();

    @Option(names = "--batches", description = "List batches instead of files.")
    private boolean batches;

    @Option(names = "--json", description = "Print one JSON object per file, or per batch.")
    private boolean json;

    private final Console console;
    private final Totals totals = new Totals();

    private static final class Totals {
        private long files;
        private long batches;
        private long captures;
        private long bytes;
        private boolean damaged;
    }

    SpoolListCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Instant now = console.clock().instant();
        Table table = batches ? tableOfBatches() : tableOfFiles();
        spool.forEach(console, new SpoolReader(), file -> {
            count(file);
            if (batches) {
                file.batches().forEach(batch -> tell(batch, table, now));
            } else {
                tell(file, table, now);
            }
        });
        if (!json) {
            console.table(table, "nothing waits in " + spool.existing());
        }
        if (totals.files > 0) {
            console.note(Amounts.count(totals.files, "file") + ", " + totals.batches + " batches, "
                    + Amounts.count(totals.captures, "capture") + ", " + Amounts.bytes(totals.bytes));
        }
        int aside = spool.movedAside().size();
        if (aside > 0) {
            console.note(Amounts.count(aside, "damaged file") + " moved aside to 'corrupt' in " + spool.existing());
        }
        return totals.damaged ? ExitCode.PROBLEMS : ExitCode.DONE;
    }

    private void count(ScannedFile file) {
        totals.files++;
        totals.bytes += file.bytes();
        totals.batches += file.batches().size();
        totals.captures += captures(file);
        totals.damaged |= file.condition() != Condition.INTACT;
    }

    private static Table tableOfFiles() {
        return new Table()
                .column("FILE")
                .numbers("AGE")
                .numbers("BATCHES")
                .numbers("CAPTURES")
                .numbers("SESSIONS")
                .numbers("SIZE")
                .column("PARTITION")
                .column("OFFSETS")
                .column("CONDITION");
    }

    private void tell(ScannedFile file, Table table, Instant now) {
        List<TopicPartition> partitions = file.batches().stream()
                .map(batch -> batch.origin().partition())
                .distinct()
                .toList();
        long sessions =
                file.batches().stream().map(SpoolEntry::sessionId).distinct().count();
        String condition = file.condition().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        if (json) {
            console.json(fields -> {
                fields.writeStringField("file", file.name());
                fields.writeStringField("written_at", file.writtenAt().toString());
                fields.writeNumberField("bytes", file.bytes());
                fields.writeNumberField("batches", file.batches().size());
                fields.writeNumberField("captures", captures(file));
                fields.writeNumberField("sessions", sessions);
                fields.writeArrayFieldStart("partitions");
                for (TopicPartition partition : partitions) {
                    fields.writeString(partition.toString());
                }
                fields.writeEndArray();
                fields.writeStringField("condition", condition);
                fields.writeStringField("problem", file.problem());
            });
            return;
        }
        boolean one = partitions.size() == 1;
        table.row(
                file.name(),
                age(file.writtenAt(), now),
                Integer.toString(file.batches().size()),
                Long.toString(captures(file)),
                Long.toString(sessions),
                Amounts.bytes(file.bytes()),
                one ? partitions.get(0).toString() : Amounts.count(partitions.size(), "partition"),
                one ? offsets(file.batches()) : "",
                file.problem().isEmpty() ? condition : condition + ": " + file.problem());
    }

    private static Table tableOfBatches() {
        return new Table()
                .column("FILE")
                .numbers("POSITION")
                .numbers("AGE")
                .column("PARTITION")
                .column("OFFSETS")
                .numbers("CAPTURES")
                .numbers("SIZE")
                .column("SESSION");
    }

    private void tell(SpoolEntry batch, Table table, Instant now) {
        if (json) {
            console.json(fields -> {
                fields.writeStringField("file", batch.file());
                fields.writeNumberField("position", batch.position());
                fields.writeStringField("written_at", batch.writtenAt().toString());
                fields.writeStringField("cluster_id", batch.origin().clusterId());
                fields.writeStringField("topic", batch.origin().partition().topic());
                fields.writeStringField("topic_id", batch.origin().topicId());
                fields.writeNumberField("partition", batch.origin().partition().partition());
                fields.writeStringField("session_id", batch.sessionId());
                fields.writeNumberField("captures", batch.captures());
                fields.writeArrayFieldStart("offsets");
                for (long offset : batch.offsets()) {
                    fields.writeNumber(offset);
                }
                fields.writeEndArray();
                fields.writeNumberField("bytes", batch.bytes());
            });
            return;
        }
        table.row(
                batch.file(),
                Long.toString(batch.position()),
                age(batch.writtenAt(), now),
                batch.origin().partition().toString(),
                offsets(List.of(batch)),
                Integer.toString(batch.captures()),
                Amounts.bytes(batch.bytes()),
                batch.sessionId());
    }

    private static long captures(ScannedFile file) {
        return file.batches().stream().mapToLong(SpoolEntry::captures).sum();
    }

    private static String age(Instant writtenAt, Instant now) {
        return Amounts.duration(Duration.between(writtenAt, now));
    }

    private static String offsets(List<SpoolEntry> batches) {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (SpoolEntry batch : batches) {
            first = Math.min(first, batch.offsets().get(0));
            last = Math.max(last, batch.offsets().get(batch.offsets().size() - 1));
        }
        return first == last ? Long.toString(first) : first + "-" + last;
    }
}
