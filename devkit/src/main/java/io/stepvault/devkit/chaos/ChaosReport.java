package io.stepvault.devkit.chaos;

import io.stepvault.worker.cli.terminal.JsonText;
import io.stepvault.worker.cli.terminal.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * What happened in a run, and what came of it. Immutable; safe for any thread.
 *
 * @param run what it is about
 * @param figures in the order in which they are shown
 * @param wrongs a line for each thing that is not as it should be
 */
public record ChaosReport(Of run, List<Figure> figures, List<String> wrongs) {
    /**
     * What a report is about.
     *
     * @param settings of the run
     * @param command that repeats it
     */
    public record Of(ChaosSettings settings, String command) {}

    private static final int MOST_LINES = 50;

    /** Whether nothing was lost, doubled, or otherwise wrong. */
    public boolean isAsItShouldBe() {
        return wrongs.isEmpty();
    }

    /** For people. */
    public Table table() {
        Table table = new Table().column("WHAT").numbers("HOW MUCH");
        figures.forEach(figure -> table.row(figure.label(), figure.text()));
        return table;
    }

    /** What is wrong, and not too much of it. */
    public List<String> wrongLines() {
        List<String> lines = new ArrayList<>(wrongs.subList(0, Math.min(wrongs.size(), MOST_LINES)));
        if (wrongs.size() > MOST_LINES) {
            lines.add("... and " + (wrongs.size() - MOST_LINES) + " more");
        }
        return lines;
    }

    /** For programs. */
    public JsonText.Content json() {
        return json -> {
            json.writeNumberField("seed", run.settings().seed());
            json.writeStringField("plan", run.settings().plan().text());
            json.writeBooleanField("ok", isAsItShouldBe());
            for (Figure figure : figures) {
                json.writeNumberField(figure.key(), figure.value());
            }
            json.writeArrayFieldStart("wrong");
            for (String line : wrongLines()) {
                json.writeString(line);
            }
            json.writeEndArray();
        };
    }

    /** As a section of a document. */
    public List<String> markdown() {
        List<String> lines = new ArrayList<>();
        lines.add("`" + run.command() + "`");
        lines.add("");
        lines.add("| | |");
        lines.add("| --- | ---: |");
        figures.forEach(figure -> lines.add("| " + figure.label() + " | " + figure.text() + " |"));
        lines.add("");
        lines.add(isAsItShouldBe() ? "Nothing wrong." : "Wrong:");
        wrongLines().forEach(line -> lines.add("- " + line.replace("|", "\\|")));
        return lines;
    }
}
