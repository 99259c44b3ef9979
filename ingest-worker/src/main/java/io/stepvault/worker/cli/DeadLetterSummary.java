package io.stepvault.worker.cli;

import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.Table;
import io.stepvault.worker.deadletter.StoredDeadLetter;
import io.stepvault.worker.deadletter.StoredDeadLetter.State;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Dead letters by reason. Immutable; safe for any thread. */
final class DeadLetterSummary {
    private final List<StoredDeadLetter> letters;
    private final Map<String, List<StoredDeadLetter>> byReason;

    /** A summary of letters, the oldest first. */
    DeadLetterSummary(List<StoredDeadLetter> letters) {
        this.letters = letters;
        this.byReason = letters.stream()
                .collect(Collectors.groupingBy(letter -> letter.headers().reason(), TreeMap::new, Collectors.toList()));
    }

    /** One line for people. */
    String line() {
        return Amounts.count(letters.size(), "dead letter") + ": " + count(letters, State.WAITING) + " waiting, "
                + count(letters, State.REDRIVEN) + " redriven, " + count(letters, State.PARTIAL) + " partial";
    }

    Table table() {
        Table table = new Table()
                .column("REASON")
                .numbers("WAITING")
                .numbers("REDRIVEN")
                .numbers("PARTIAL")
                .numbers("SIZE")
                .column("OLDEST")
                .column("NEWEST");
        byReason.forEach((reason, group) -> table.row(
                reason,
                Long.toString(count(group, State.WAITING)),
                Long.toString(count(group, State.REDRIVEN)),
                Long.toString(count(group, State.PARTIAL)),
                Amounts.bytes(bytes(group)),
                group.get(0).at().toString(),
                group.get(group.size() - 1).at().toString()));
        return table;
    }

    /** One object for each reason. */
    void json(Console console) {
        byReason.forEach((reason, group) -> console.json(fields -> {
            fields.writeStringField("reason", reason);
            fields.writeNumberField("waiting", count(group, State.WAITING));
            fields.writeNumberField("redriven", count(group, State.REDRIVEN));
            fields.writeNumberField("partial", count(group, State.PARTIAL));
            fields.writeNumberField("bytes", bytes(group));
            fields.writeStringField("oldest", group.get(0).at().toString());
            fields.writeStringField("newest", group.get(group.size() - 1).at().toString());
        }));
    }

    private static long count(List<StoredDeadLetter> group, State state) {
        return group.stream().filter(letter -> letter.state() == state).count();
    }

    static long bytes(List<StoredDeadLetter> group) {
        return group.stream()
                .mapToLong(letter -> letter.payload().bytes().orElse(0))
                .sum();
    }
}
