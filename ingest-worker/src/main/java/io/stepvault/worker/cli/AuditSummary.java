package io.stepvault.worker.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stepvault.worker.audit.AuditReport;
import io.stepvault.worker.audit.AuditReport.OfPartition;
import io.stepvault.worker.audit.Finding;
import io.stepvault.worker.audit.Outcome;
import io.stepvault.worker.audit.StoreFinding;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What an audit has come to, for people and for programs.
 *
 * @param problems the first problems, as many as are to be named
 */
record AuditSummary(AuditReport report, List<Finding> problems) {
    int exitCode() {
        return report.isClean() ? ExitCode.DONE : ExitCode.PROBLEMS;
    }

    /** A row for each partition and one for all, a column for each outcome that there is. */
    Table table() {
        List<Outcome> outcomes = Arrays.stream(Outcome.values())
                .filter(outcome -> outcome == Outcome.STORED || report.count(outcome) > 0)
                .toList();
        boolean repeats = report.repeats() > 0;
        Table table = new Table().column("PARTITION");
        outcomes.forEach(outcome -> table.numbers(outcome.code().toUpperCase(Locale.ROOT)));
        if (repeats) {
            table.numbers("REPEATS");
        }
        report.partitions().forEach((number, partition) -> {
            List<String> cells = new ArrayList<>();
            cells.add(Integer.toString(number));
            outcomes.forEach(outcome -> cells.add(Long.toString(partition.count(outcome))));
            if (repeats) {
                cells.add(Long.toString(partition.repeats()));
            }
            table.row(cells.toArray(String[]::new));
        });
        if (report.partitions().size() > 1) {
            List<String> cells = new ArrayList<>(List.of("all"));
            outcomes.forEach(outcome -> cells.add(Long.toString(report.count(outcome))));
            if (repeats) {
                cells.add(Long.toString(report.repeats()));
            }
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    /** What the table does not say. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        problems.forEach(problem -> lines.add(new FindingText(problem).line()));
        long all = problemCount();
        if (all > problems.size()) {
            lines.add("and " + (all - problems.size()) + " more; --list FILE names all");
        }
        lines.add("store: " + Amounts.count(report.revisionsListed(), "revision") + " listed"
                + Arrays.stream(StoreFinding.values())
                        .filter(finding -> report.count(finding) > 0)
                        .map(finding -> ", " + report.count(finding) + " "
                                + finding.code().replace('-', ' '))
                        .collect(Collectors.joining()));
        lines.add(looked());
        lines.add(all == 0 ? "all accounted for" : Amounts.count(all, "problem"));
        return lines;
    }

    private String looked() {
        AuditReport.Looked looked = report.looked();
        List<String> parts = new ArrayList<>();
        add(parts, looked.byContent(), " by content");
        add(parts, looked.byChecksum(), " by checksum");
        add(parts, looked.bySize(), " by size alone");
        return "artifacts compared: " + (parts.isEmpty() ? "none" : String.join(", ", parts));
    }

    private static void add(List<String> parts, long count, String how) {
        if (count > 0) {
            parts.add(count + how);
        }
    }

    private long problemCount() {
        return Arrays.stream(Outcome.values())
                .filter(Outcome::isProblem)
                .mapToLong(report::count)
                .sum();
    }

    void json(JsonGenerator json) throws IOException {
        json.writeBooleanField("clean", report.isClean());
        json.writeNumberField("problems", problemCount());
        json.writeObjectFieldStart("outcomes");
        for (Outcome outcome : Outcome.values()) {
            json.writeNumberField(name(outcome.code()), report.count(outcome));
        }
        json.writeEndObject();
        json.writeNumberField("repeats", report.repeats());
        json.writeArrayFieldStart("partitions");
        for (Map.Entry<Integer, OfPartition> each : report.partitions().entrySet()) {
            json.writeStartObject();
            json.writeNumberField("partition", each.getKey());
            for (Outcome outcome : Outcome.values()) {
                json.writeNumberField(name(outcome.code()), each.getValue().count(outcome));
            }
            json.writeNumberField("repeats", each.getValue().repeats());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectFieldStart("store");
        json.writeNumberField("revisions_listed", report.revisionsListed());
        for (StoreFinding finding : StoreFinding.values()) {
            json.writeNumberField(name(finding.code()), report.count(finding));
        }
        json.writeEndObject();
        json.writeObjectFieldStart("artifacts_compared");
        json.writeNumberField("by_content", report.looked().byContent());
        json.writeNumberField("by_checksum", report.looked().byChecksum());
        json.writeNumberField("by_size", report.looked().bySize());
        json.writeEndObject();
        json.writeNumberField("work_bytes", report.mostWorkBytes());
        json.writeArrayFieldStart("first_problems");
        for (Finding problem : problems) {
            json.writeStartObject();
            new FindingText(problem).json(json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static String name(String code) {
        return code.replace('-', '_');
    }
}
