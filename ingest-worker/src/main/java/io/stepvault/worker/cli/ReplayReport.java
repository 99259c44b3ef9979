package io.stepvault.worker.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Progress;
import io.stepvault.worker.cli.terminal.Table;
import io.stepvault.worker.replay.Outcome;
import io.stepvault.worker.replay.ReplayTally;
import io.stepvault.worker.replay.ReplayTally.Partition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/** What one process has done of a replay, in words and numbers. Immutable. */
final class ReplayReport {
    private static final Set<Outcome> SKIPPED = EnumSet.of(
            Outcome.SESSION_DELETED, Outcome.EXPIRED, Outcome.SUPERSEDED, Outcome.OTHER_SESSION, Outcome.CUT);

    private final List<Partition> partitions;
    private final boolean dryRun;
    private final boolean finished;

    /** @param finished whether it came to the end of all that it was assigned */
    ReplayReport(ReplayTally tally, boolean dryRun, boolean finished) {
        this.partitions = tally.partitions();
        this.dryRun = dryRun;
        this.finished = finished;
    }

    /** How far it is. */
    Progress progress(Duration elapsed) {
        long total = sum(each -> Math.max(0, each.bounds().to() - each.begun()));
        long read = sum(each -> Math.max(0, each.position() - each.begun()));
        long done = Math.min(total, sum(each -> Math.max(0, each.settled() - each.begun())));
        // Nobody knows the bytes of what was not read yet.
        double bytesPerOffset = read == 0 ? 0 : (double) sum(Partition::bytes) / read;
        return new Progress(
                "records", done, total, (long) (bytesPerOffset * done), (long) (bytesPerOffset * total), elapsed);
    }

    long count(Outcome outcome) {
        return sum(each -> each.count(outcome));
    }

    private long sum(ToLongFunction<Partition> of) {
        return partitions.stream().mapToLong(of).sum();
    }

    private static long skipped(Partition partition) {
        return SKIPPED.stream().mapToLong(partition::count).sum();
    }

    /** By partition, but for those that have nothing in the range; and the sum of all if there are several. */
    Table table() {
        Table table = new Table()
                .column("PARTITION")
                .numbers("FROM")
                .numbers("TO")
                .numbers("READ")
                .numbers(dryRun ? "WOULD STORE" : "STORED")
                .numbers("SIZE")
                .numbers("ALREADY THERE")
                .numbers("SKIPPED")
                .numbers("BAD")
                .numbers("FAILED");
        List<Partition> shown = partitions.stream()
                .filter(each -> each.records() > 0
                        || each.bounds().from() < each.bounds().to())
                .toList();
        for (Partition each : shown) {
            row(
                    table,
                    each.partition().toString(),
                    Long.toString(each.bounds().from()),
                    Long.toString(each.bounds().to()),
                    List.of(each));
        }
        if (shown.size() > 1) {
            row(table, "all", "", "", shown);
        }
        return table;
    }

    private static void row(Table table, String name, String from, String to, List<Partition> of) {
        table.row(
                name,
                from,
                to,
                sum(of, Partition::records),
                sum(of, each -> each.count(Outcome.STORED)),
                Amounts.bytes(of.stream().mapToLong(Partition::storedBytes).sum()),
                sum(of, each -> each.count(Outcome.ALREADY_THERE)),
                sum(of, ReplayReport::skipped),
                sum(of, each -> each.count(Outcome.BAD)),
                sum(of, each -> each.count(Outcome.FAILED)));
    }

    private static String sum(List<Partition> of, ToLongFunction<Partition> what) {
        return Long.toString(of.stream().mapToLong(what).sum());
    }

    /** What the table does not tell, a line each. */
    List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        for (Outcome outcome : Outcome.values()) {
            long count = count(outcome);
            if (count > 0 && (SKIPPED.contains(outcome) || outcome == Outcome.BAD || outcome == Outcome.FAILED)) {
                remarks.add((SKIPPED.contains(outcome) ? "skipped: " : "not stored: ") + count + " "
                        + outcome.description());
            }
        }
        for (Partition each : partitions) {
            if (each.removed() > 0) {
                remarks.add(each.partition() + ": retention has removed up to "
                        + Amounts.count(each.removed(), "record") + " of the range");
            } else if (each.mayLack()) {
                remarks.add(each.partition() + ": begins with offset "
                        + each.bounds().from()
                        + "; what came before it, if it was in the range, has been removed by retention");
            }
            if (each.unfinished() > 0) {
                remarks.add(each.partition() + ": " + Amounts.count(each.unfinished(), "chunk")
                        + " of captures whose rest is not on the topic yet; run the same job again to try once more");
            }
            if (isHandedOver(each)) {
                remarks.add(each.partition() + ": handed over to another process of this job");
            }
        }
        return remarks;
    }

    /** At an interruption all partitions are let go; only before that it is to another process. */
    private boolean isHandedOver(Partition partition) {
        return finished && !partition.held() && !partition.done();
    }

    /** Whether all that was in the range is where it belongs. */
    boolean isWhole() {
        return count(Outcome.FAILED) == 0 && sum(Partition::removed) == 0 && sum(Partition::unfinished) == 0;
    }

    void json(JsonGenerator fields) throws IOException {
        fields.writeBooleanField("dry_run", dryRun);
        counts(fields, partitions);
        fields.writeArrayFieldStart("partitions");
        for (Partition each : partitions) {
            fields.writeStartObject();
            fields.writeNumberField("partition", each.partition().partition());
            fields.writeNumberField("from", each.bounds().from());
            fields.writeNumberField("to", each.bounds().to());
            fields.writeNumberField("position", each.position());
            fields.writeBooleanField("done", each.done());
            fields.writeBooleanField("handed_over", isHandedOver(each));
            counts(fields, List.of(each));
            fields.writeEndObject();
        }
        fields.writeEndArray();
    }

    private static void counts(JsonGenerator fields, List<Partition> of) throws IOException {
        fields.writeNumberField("records", total(of, Partition::records));
        fields.writeNumberField("bytes", total(of, Partition::bytes));
        fields.writeNumberField("stored_bytes", total(of, Partition::storedBytes));
        for (Outcome outcome : Outcome.values()) {
            fields.writeNumberField(outcome.code(), total(of, each -> each.count(outcome)));
        }
        fields.writeNumberField("removed_by_retention", total(of, Partition::removed));
        fields.writeNumberField("unfinished_chunks", total(of, Partition::unfinished));
    }

    private static long total(List<Partition> of, ToLongFunction<Partition> what) {
        return of.stream().mapToLong(what).sum();
    }
}
