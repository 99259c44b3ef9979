package io.stepvault.worker.cli;

import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.spool.file.ScannedFile;
import io.stepvault.worker.spool.file.ScannedFile.Condition;
import io.stepvault.worker.spool.file.SpoolReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks every byte of a disk queue. */
@Command(
        name = "verify",
        description = {
            "Reads every file of a disk queue and checks every batch by its checksum.",
            "Ends with 1 if anything is damaged, or was moved aside because it was. Changes nothing."
        },
        footer = {"", "Example:", "  stepvault spool verify /mnt/rescued/spool"})
final class SpoolVerifyCommand implements Callable<Integer> {
    @Mixin
    private SpoolArgument spool = new SpoolArgument();

    @Option(names = "--json", description = "Print the findings as one JSON object.")
    private boolean json;

    private final Console console;
    private final List<ScannedFile> problems = new ArrayList<>();
    private long files;
    private long batches;
    private long bytes;

    SpoolVerifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        spool.forEach(console, new SpoolReader(), file -> {
            files++;
            batches += file.batches().size();
            bytes += file.bytes();
            if (file.condition() != Condition.INTACT) {
                problems.add(file);
            }
        });
        List<String> movedAside = spool.movedAside();
        if (json) {
            printJson(movedAside);
        } else {
            problems.forEach(file -> console.line(
                    file.name() + ": " + file.problem() + "; " + file.batches().size() + " intact batches"));
            movedAside.forEach(name -> console.line("corrupt/" + name + ": was moved aside because it is damaged"));
            console.line("checked " + Amounts.count(files, "file") + " with " + batches + " intact batches, "
                    + Amounts.bytes(bytes) + ": "
                    + (problems.isEmpty() ? "all intact" : problems.size() + " not intact"));
        }
        return problems.isEmpty() && movedAside.isEmpty() ? ExitCode.DONE : ExitCode.PROBLEMS;
    }

    private void printJson(List<String> movedAside) {
        console.json(fields -> {
            fields.writeNumberField("files", files);
            fields.writeNumberField("intact_batches", batches);
            fields.writeNumberField("bytes", bytes);
            fields.writeArrayFieldStart("problems");
            for (ScannedFile file : problems) {
                fields.writeStartObject();
                fields.writeStringField("file", file.name());
                fields.writeStringField("problem", file.problem());
                fields.writeNumberField("intact_batches", file.batches().size());
                fields.writeEndObject();
            }
            fields.writeEndArray();
            fields.writeArrayFieldStart("moved_aside");
            for (String name : movedAside) {
                fields.writeString(name);
            }
            fields.writeEndArray();
        });
    }
}
