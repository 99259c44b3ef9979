package io.stepvault.worker.cli;

import io.stepvault.event.StepCapture;
import io.stepvault.registry.CachedSchemas;
import io.stepvault.wire.CaptureDecoder;
import io.stepvault.wire.DecodeResult;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.Printable;
import io.stepvault.worker.config.KafkaConfig;
import io.stepvault.worker.config.RegistryConfig;
import io.stepvault.worker.deadletter.DeadLetterReader;
import io.stepvault.worker.deadletter.LetterHeaders;
import io.stepvault.worker.deadletter.LetterPlace;
import io.stepvault.worker.deadletter.LetterUnreadableException;
import io.stepvault.worker.deadletter.PastAttempt;
import io.stepvault.worker.deadletter.StoredDeadLetter;
import io.stepvault.worker.flow.SourceRecord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one dead letter. */
@Command(
        name = "show",
        description = "Shows all that is known of a dead letter: its headers, its history, whether its bytes hold a"
                + " capture. Ends with 1 if it is not there, or its bytes are not.",
        footer = {
            "",
            "Examples:",
            "  stepvault dead-letters show 0@17 --config worker.properties",
            "  stepvault dead-letters show 0@17 --bootstrap localhost:9092 --bytes 64"
        })
final class DeadLettersShowCommand implements Callable<Integer> {
    private static final int MAX_TEXT = 1_000;
    private static final int MAX_HEX = 64;

    @Parameters(
            paramLabel = "PARTITION@OFFSET",
            description = "Its place on the dead-letter topic, as `list` shows it.")
    private String place = "";

    @Mixin
    private DeadLetterTopicOptions topic = new DeadLetterTopicOptions();

    @Option(
            names = "--bytes",
            paramLabel = "N",
            arity = "0..1",
            fallbackValue = "256",
            description = "Show the first bytes of its value too (256 without a number).")
    private Optional<Integer> bytes = Optional.empty();

    @Option(names = "--json", description = "Print one JSON object, with key and headers to the byte.")
    private boolean json;

    private final Console console;

    DeadLettersShowCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        LetterPlace wanted = place();
        if (bytes.filter(max -> max < 1).isPresent()) {
            throw CommandFailure.usage("--bytes: '" + bytes.get() + "' is not allowed; expected 1 or more");
        }
        KafkaConfig kafka = topic.kafka(console.environment());
        try (DeadLetterReader reader = topic.open(kafka)) {
            StoredDeadLetter letter = reader.scan(Optional.empty()).letters().stream()
                    .filter(each -> each.records().contains(wanted))
                    .findFirst()
                    .orElseThrow(() -> CommandFailure.problem(
                            "there is no dead letter at " + wanted + " of topic " + topic.topic(kafka)
                                    + "; see `stepvault dead-letters list`",
                            null));
            return show(letter, reader, kafka.registry());
        }
    }

    private LetterPlace place() {
        try {
            return LetterPlace.parse(place);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("'" + place + "' " + e.getMessage());
        }
    }

    private int show(StoredDeadLetter letter, DeadLetterReader reader, RegistryConfig registry) {
        if (!json) {
            describe(letter);
        }
        try {
            SourceRecord record = reader.load(letter);
            if (json) {
                printJson(letter, record);
            } else {
                describe(record, registry);
            }
            return ExitCode.DONE;
        } catch (LetterUnreadableException e) {
            if (json) {
                console.json(new DeadLetterText(letter)::json);
            }
            console.note(String.valueOf(e.getMessage()));
            return ExitCode.PROBLEMS;
        }
    }

    private void printJson(StoredDeadLetter letter, SourceRecord record) {
        console.json(fields -> {
            new DeadLetterText(letter).json(fields);
            DeadLetterText.json(fields, record);
            byte[] value = record.value();
            if (value != null && bytes.isPresent()) {
                fields.writeStringField(
                        "first_bytes", HexFormat.of().formatHex(value, 0, Math.min(value.length, bytes.get())));
            }
        });
    }

    private void describe(StoredDeadLetter letter) {
        LetterHeaders headers = letter.headers();
        DeadLetterText text = new DeadLetterText(letter);
        field("place", letter.place().toString());
        if (letter.records().size() > 1) {
            field(
                    "chunks at",
                    letter.records().stream().map(LetterPlace::toString).collect(Collectors.joining(" ")));
        }
        field("dead-lettered", letter.at().toString());
        field("state", text.state());
        field("reason", headers.reason());
        field("detail", headers.detail());
        field("source", letter.source() + " (topic id " + letter.source().id().topicId() + ")");
        field(
                "source time",
                letter.source().timestamp() < 0
                        ? "none"
                        : Instant.ofEpochMilli(letter.source().timestamp()).toString());
        field("session", letter.payload().session().orElse("unknown"));
        field("attempts", Integer.toString(headers.attempts().count()));
        for (PastAttempt past : headers.attempts().past()) {
            field("before", past.toString());
        }
        if (!headers.omitted().isEmpty()) {
            field(
                    "left out",
                    Amounts.count(headers.omitted().headers(), "header")
                            + (headers.omitted().keyBytes() == 0
                                    ? ""
                                    : ", the key of "
                                            + Amounts.bytes(headers.omitted().keyBytes())));
        }
        field("size", text.size());
    }

    private void describe(SourceRecord record, RegistryConfig registry) {
        field("key", text(record.key()));
        for (Header header : record.headers()) {
            field("header", Printable.cut(header.key(), MAX_TEXT) + " = " + text(header.value()));
        }
        field("payload", payload(record, registry));
        byte[] value = record.value();
        if (value != null && bytes.isPresent()) {
            HexText.lines(value, bytes.get()).forEach(console::line);
        }
    }

    private String payload(SourceRecord record, RegistryConfig registry) {
        if (registry.settings().isEmpty()) {
            return payload(record, CaptureDecoder.withoutRegistry());
        }
        try (CachedSchemas schemas = CachedSchemas.of(registry.settings().get(), registry.cache(), console.clock())) {
            return payload(record, new CaptureDecoder(schemas.waiting()));
        }
    }

    private static String payload(SourceRecord record, CaptureDecoder decoder) {
        DecodeResult result = decoder.decode(record.value());
        if (result instanceof DecodeResult.Decoded decoded) {
            StepCapture capture = decoded.capture();
            return "holds a capture: session " + Printable.cut(capture.getSessionId(), MAX_TEXT) + ", step "
                    + Printable.cut(capture.getStepId(), MAX_TEXT) + ", captured at " + capture.getCapturedAt();
        } else if (result instanceof DecodeResult.Undecodable undecodable) {
            return "holds no capture: " + undecodable.rejection().detail();
        }
        return "cannot be told: " + ((DecodeResult.NotYet) result).why();
    }

    /** As text if it is, else as hex. */
    private static String text(byte @Nullable [] bytes) {
        if (bytes == null) {
            return "none";
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return Printable.cut(text, MAX_TEXT);
        } catch (CharacterCodingException e) {
            return "0x" + HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, MAX_HEX))
                    + (bytes.length > MAX_HEX ? "... (" + Amounts.bytes(bytes.length) + ")" : "");
        }
    }

    private void field(String name, String value) {
        console.line(String.format(Locale.ROOT, "%-14s %s", name, value));
    }
}
