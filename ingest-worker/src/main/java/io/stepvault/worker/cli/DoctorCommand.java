package io.stepvault.worker.cli;

import io.stepvault.worker.cli.doctor.Doctor;
import io.stepvault.worker.cli.doctor.Finding;
import io.stepvault.worker.cli.doctor.Finding.Status;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.JsonText;
import io.stepvault.worker.config.ByteSize;
import io.stepvault.worker.config.ConfigException;
import io.stepvault.worker.config.WorkerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks at everything a worker needs. */
@Command(
        name = "doctor",
        description = {
            "Looks at everything a worker needs: configuration, Java, memory, disk, spool, store, schema registry, brokers, topics, rights,"
                    + " transactions, group and clock.",
            "One line for each, with the mend where something is amiss. Ends with 1 if a worker could not do its work."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault doctor --config worker.properties",
            "  stepvault doctor --config worker.properties --json"
        })
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(names = "--json", description = "Print all findings as one JSON object.")
    private boolean json;

    private final Console console;

    DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<Finding> findings = new ArrayList<>();
        Consumer<Finding> tell = finding -> {
            findings.add(finding);
            if (!json) {
                console.line(finding.line());
            }
        };
        Doctor doctor =
                new Doctor(console.clock(), new ByteSize(Runtime.getRuntime().maxMemory()), tell);
        doctor.examineHost();
        load(tell).ifPresent(doctor::examine);
        boolean failed = findings.stream().anyMatch(finding -> finding.status() == Status.FAIL);
        if (json) {
            printJson(findings, failed);
        }
        return failed ? ExitCode.PROBLEMS : ExitCode.DONE;
    }

    /** The heap is looked at as a finding of its own. */
    private Optional<WorkerConfig> load(Consumer<Finding> tell) {
        try {
            WorkerConfig loaded = config.forCommand(console.environment(), Map.of());
            String source =
                    config.file().map(file -> file + " and the environment").orElse("the environment");
            tell.accept(new Finding(Status.OK, "configuration", "valid, from " + source, Optional.empty()));
            return Optional.of(loaded);
        } catch (ConfigException e) {
            e.problems()
                    .forEach(problem ->
                            tell.accept(new Finding(Status.FAIL, "configuration", problem, Optional.empty())));
            return Optional.empty();
        }
    }

    private void printJson(List<Finding> findings, boolean failed) {
        console.json(fields -> {
            fields.writeBooleanField("ok", !failed);
            fields.writeArrayFieldStart("findings");
            for (Finding finding : findings) {
                fields.writeStartObject();
                fields.writeStringField("status", finding.status().text());
                fields.writeStringField("subject", finding.subject());
                fields.writeStringField("detail", finding.detail());
                JsonText.optional(fields, "mend", finding.mend());
                fields.writeEndObject();
            }
            fields.writeEndArray();
        });
    }
}
