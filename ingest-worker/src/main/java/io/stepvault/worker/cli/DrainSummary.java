package io.stepvault.worker.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Table;
import java.io.IOException;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/** What a drain has stored, and what is left, by partition. Not thread-safe. */
final class DrainSummary {
    private final boolean dryRun;
    private final Map<TopicPartition, Count> partitions =
            new TreeMap<>(Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition));
    private long filesRemoved;
    private long filesLeft;
    private long filesDamaged;

    private static final class Count {
        private long stored;
        private long left;
        private long deleted;
        private long bytes;
    }

    /** A summary of nothing. */
    DrainSummary(boolean dryRun) {
        this.dryRun = dryRun;
    }

    void stored(TopicPartition partition, long captures, long bytes) {
        Count count = count(partition);
        count.stored += captures;
        count.bytes += bytes;
    }

    void left(TopicPartition partition, long captures, long bytes) {
        Count count = count(partition);
        count.left += captures;
        count.bytes += bytes;
    }

    /** Captures that are not stored and need not be, since their sessions have been deleted. */
    void deleted(TopicPartition partition, long captures, long bytes) {
        Count count = count(partition);
        count.deleted += captures;
        count.bytes += bytes;
    }

    void fileRemoved() {
        filesRemoved++;
    }

    void fileLeft(boolean damaged) {
        filesLeft++;
        filesDamaged += damaged ? 1 : 0;
    }

    void fileMovedAside() {
        filesDamaged++;
    }

    /** How many captures were stored. */
    long stored() {
        return partitions.values().stream().mapToLong(count -> count.stored).sum();
    }

    private long left() {
        return partitions.values().stream().mapToLong(count -> count.left).sum();
    }

    private Count count(TopicPartition partition) {
        return partitions.computeIfAbsent(partition, any -> new Count());
    }

    Table table() {
        Table table = new Table().column("PARTITION");
        if (dryRun) {
            table.numbers("WOULD BE STORED").numbers("SIZE");
        } else {
            table.numbers("STORED").numbers("LEFT").numbers("DELETED").numbers("SIZE");
        }
        partitions.forEach((partition, count) -> {
            String left = Long.toString(count.left);
            String size = Amounts.bytes(count.bytes);
            if (dryRun) {
                table.row(partition.toString(), left, size);
            } else {
                table.row(partition.toString(), Long.toString(count.stored), left, Long.toString(count.deleted), size);
            }
        });
        return table;
    }

    String text() {
        String damaged = filesDamaged == 0 ? "" : ", " + filesDamaged + " damaged";
        return dryRun
                ? "would store " + Amounts.count(left(), "capture") + " of " + Amounts.count(filesLeft, "file")
                        + damaged
                : "removed " + Amounts.count(filesRemoved, "file") + ", " + filesLeft + " left" + damaged + ofDeleted();
    }

    private String ofDeleted() {
        long deleted =
                partitions.values().stream().mapToLong(count -> count.deleted).sum();
        return deleted == 0 ? "" : "; not stored, of deleted sessions: " + Amounts.count(deleted, "capture");
    }

    void json(JsonGenerator fields) throws IOException {
        fields.writeBooleanField("dry_run", dryRun);
        fields.writeNumberField("files_removed", filesRemoved);
        fields.writeNumberField("files_left", filesLeft);
        fields.writeNumberField("files_damaged", filesDamaged);
        fields.writeArrayFieldStart("partitions");
        for (Map.Entry<TopicPartition, Count> entry : partitions.entrySet()) {
            fields.writeStartObject();
            fields.writeStringField("topic", entry.getKey().topic());
            fields.writeNumberField("partition", entry.getKey().partition());
            fields.writeNumberField("stored", entry.getValue().stored);
            fields.writeNumberField("left", entry.getValue().left);
            fields.writeNumberField("deleted", entry.getValue().deleted);
            fields.writeNumberField("bytes", entry.getValue().bytes);
            fields.writeEndObject();
        }
        fields.writeEndArray();
    }

    int exitCode() {
        boolean left = !dryRun && filesLeft > 0;
        return left || filesDamaged > 0 ? ExitCode.PROBLEMS : ExitCode.DONE;
    }
}
