package io.stepvault.worker.cli;

import io.stepvault.event.StepCapture;
import io.stepvault.wire.CaptureDecoder;
import io.stepvault.wire.DecodeResult;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.JsonText;
import io.stepvault.worker.cli.terminal.Table;
import io.stepvault.worker.spool.SpoolEntry;
import io.stepvault.worker.spool.SpooledBatch;
import io.stepvault.worker.spool.SpooledCapture;
import io.stepvault.worker.spool.file.DamagedException;
import io.stepvault.worker.spool.file.SpoolReader;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the captures that wait in a disk queue. */
@Command(
        name = "show",
        description = {
            "Shows the captures that wait in a disk queue, without their payload: of one session, of one file, or all.",
            "Ends with 1 if there are none."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault spool show /var/lib/stepvault/spool --session crawl-17",
            "  stepvault spool show /var/lib/stepvault/spool --file 1790000000000-000000.spool --json"
        })
final class SpoolShowCommand implements Callable<Integer> {
    @Mixin
    private SpoolArgument spool = new SpoolArgument();

    @Option(names = "--session", paramLabel = "ID", description = "Only captures of this session.")
    private Optional<String> session = Optional.empty();

    @Option(names = "--file", paramLabel = "NAME", description = "Only captures in this file, named as ls does.")
    private Optional<String> file = Optional.empty();

    @Option(names = "--json", description = "Print one JSON object per capture.")
    private boolean json;

    private final Console console;
    private final SpoolReader reader = new SpoolReader();
    private final CaptureDecoder decoder = CaptureDecoder.withoutRegistry();

    SpoolShowCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        List<SpoolEntry> entries = new ArrayList<>();
        spool.forEach(
                console,
                reader,
                scanned -> scanned.batches().stream()
                        .filter(entry -> file.isEmpty() || file.get().equals(entry.file()))
                        .filter(entry -> session.isEmpty() || session.get().equals(entry.sessionId()))
                        .forEach(entries::add));
        Table table = new Table()
                .column("FILE")
                .column("PARTITION")
                .column("OFFSETS")
                .column("CAPTURED AT")
                .numbers("SIZE")
                .column("SESSION")
                .column("STEP");
        for (SpoolEntry entry : entries) {
            show(entry, table);
        }
        if (entries.isEmpty()) {
            console.note("no such captures wait in " + spool.existing());
        }
        table.lines().forEach(console::line);
        return entries.isEmpty() ? ExitCode.PROBLEMS : ExitCode.DONE;
    }

    private void show(SpoolEntry entry, Table table) throws IOException {
        SpooledBatch batch;
        try {
            batch = reader.read(spool.queue(), entry);
        } catch (NoSuchFileException | DamagedException e) {
            console.note(entry.file() + " has changed meanwhile: " + e.getMessage());
            return;
        }
        for (SpooledCapture capture : batch.captures()) {
            DecodeResult result = decoder.decode(capture.record().value());
            Optional<StepCapture> decoded =
                    result instanceof DecodeResult.Decoded whole ? Optional.of(whole.capture()) : Optional.empty();
            Optional<String> problem = result instanceof DecodeResult.Undecodable broken
                    ? Optional.of(broken.rejection().reason().code())
                    : Optional.empty();
            if (json) {
                printJson(entry, capture, decoded, problem);
            } else {
                table.row(
                        entry.file(),
                        entry.origin().partition().toString(),
                        offsets(capture),
                        decoded.map(step -> step.getCapturedAt().toString()).orElse("-"),
                        Amounts.bytes(capture.record().size()),
                        entry.sessionId(),
                        decoded.map(StepCapture::getStepId)
                                .orElseGet(() -> "(cannot be decoded: " + problem.orElse("") + ")"));
            }
        }
    }

    private void printJson(
            SpoolEntry entry, SpooledCapture capture, Optional<StepCapture> decoded, Optional<String> problem) {
        console.json(fields -> {
            fields.writeStringField("file", entry.file());
            fields.writeStringField("topic", entry.origin().partition().topic());
            fields.writeNumberField("partition", entry.origin().partition().partition());
            fields.writeArrayFieldStart("offsets");
            for (long offset : capture.offsets()) {
                fields.writeNumber(offset);
            }
            fields.writeEndArray();
            fields.writeStringField("session_id", entry.sessionId());
            JsonText.optional(fields, "step_id", decoded.map(StepCapture::getStepId));
            JsonText.optional(
                    fields,
                    "captured_at",
                    decoded.map(StepCapture::getCapturedAt).map(Instant::toString));
            fields.writeNumberField("record_timestamp", capture.record().timestamp());
            fields.writeNumberField("bytes", capture.record().size());
            JsonText.optional(fields, "problem", problem);
        });
    }

    private static String offsets(SpooledCapture capture) {
        List<Long> offsets = capture.offsets();
        String last = offsets.get(offsets.size() - 1).toString();
        return offsets.size() == 1 ? last : last + " (" + offsets.size() + " chunks)";
    }
}
