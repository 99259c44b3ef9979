package io.stepvault.worker.cli;

import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.Progress;
import io.stepvault.worker.cli.terminal.ProgressDisplay;
import io.stepvault.worker.cli.terminal.Table;
import io.stepvault.worker.deadletter.RedriveListener;
import io.stepvault.worker.deadletter.StoredDeadLetter;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Counts what comes of a redrive, by reason, and shows how far it is. Only one thread may use it, but for {@link #stop}. */
final class RedriveOutcome implements RedriveListener {
    private final Console console;
    private final ProgressDisplay display;
    private final Map<String, Counts> byReason = new TreeMap<>();
    private final Instant start;
    private volatile boolean stopped;
    private long letters;
    private long bytes;
    private long doneBytes;

    private static final class Counts {
        private long sent;
        private long failed;
    }

    RedriveOutcome(Console console, ProgressDisplay display) {
        this.console = console;
        this.display = display;
        this.start = console.clock().instant();
    }

    /** What there is to redrive. */
    void expect(Collection<StoredDeadLetter> expected) {
        letters = expected.size();
        bytes = expected.stream()
                .mapToLong(letter -> letter.payload().bytes().orElse(0))
                .sum();
    }

    /** Ends the redrive soon. For any thread. */
    void stop() {
        stopped = true;
    }

    @Override
    public boolean wantsMore() {
        return !stopped;
    }

    @Override
    public void sent(StoredDeadLetter letter) {
        counts(letter).sent++;
        settled(letter);
    }

    @Override
    public void failed(StoredDeadLetter letter, String why) {
        counts(letter).failed++;
        display.note("not redriven: " + letter.place() + ": " + why);
        settled(letter);
    }

    private Counts counts(StoredDeadLetter letter) {
        return byReason.computeIfAbsent(letter.headers().reason(), reason -> new Counts());
    }

    private void settled(StoredDeadLetter letter) {
        doneBytes += letter.payload().bytes().orElse(0);
        Duration elapsed = Duration.between(start, console.clock().instant());
        display.update(new Progress("dead letters", sent() + failures(), letters, doneBytes, bytes, elapsed));
    }

    private long sent() {
        return byReason.values().stream().mapToLong(counts -> counts.sent).sum();
    }

    long failures() {
        return byReason.values().stream().mapToLong(counts -> counts.failed).sum();
    }

    /** For people. */
    void tell() {
        Table table = new Table().column("REASON").numbers("REDRIVEN").numbers("FAILED");
        byReason.forEach(
                (reason, counts) -> table.row(reason, Long.toString(counts.sent), Long.toString(counts.failed)));
        console.table(table, "nothing to redrive");
    }

    /** For programs. */
    void tellJson() {
        console.json(fields -> {
            fields.writeNumberField("redriven", sent());
            fields.writeNumberField("failed", failures());
            fields.writeObjectFieldStart("reasons");
            for (Map.Entry<String, Counts> reason : byReason.entrySet()) {
                fields.writeObjectFieldStart(reason.getKey());
                fields.writeNumberField("redriven", reason.getValue().sent);
                fields.writeNumberField("failed", reason.getValue().failed);
                fields.writeEndObject();
            }
            fields.writeEndObject();
        });
    }
}
