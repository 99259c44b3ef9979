package io.stepvault.registry;

import static io.stepvault.capture.testing.StepBuilder.aStep;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.stepvault.event.Artifact;
import io.stepvault.event.StepCapture;
import io.stepvault.wire.CaptureDecoder;
import io.stepvault.wire.ConfluentFormat;
import io.stepvault.wire.ContractSchemas;
import io.stepvault.wire.DecodeResult;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Confluent's own client (npm, {@code @confluentinc/schemaregistry}) and ours, both ways on the same bytes. */
@ExtendWith({ConfluentClient.class, RealRegistry.class})
class ConfluentClientIT {
    private static final HexFormat HEX = HexFormat.of();

    private final String topic = "interop-" + UUID.randomUUID();
    private final RegistrySettings settings;
    private final RegistryClient registry;
    private final int id;

    ConfluentClientIT(RegistrySettings settings) throws InterruptedException {
        this.settings = settings;
        this.registry = new RegistryClient(settings);
        this.id = RegistryContract.found(registry.register(topic + "-value", ContractSchemas.stepCapture()));
    }

    static List<StepCapture> captures() {
        return List.of(
                aStep().build(),
                aStep().inSession("größe 漢字 😀")
                        .withUrl("https://example.com/?a=b")
                        .withHtml("<p>ü</p>")
                        .withAction("{\"type\":\"click\"}")
                        .withSequence(4711)
                        .build(),
                aStep().withAttachment("har", "{}")
                        .withLabel("crawler", "7")
                        .endingTheSession()
                        .build());
    }

    @Test
    void whatItSerializesWeDecode() throws IOException {
        try (ConfluentClient.Conversation client = ConfluentClient.talk(settings);
                CachedSchemas schemas = CachedSchemas.of(settings, CachedSchemas.Limits.DEFAULT, Clock.systemUTC())) {
            CaptureDecoder decoder = new CaptureDecoder(schemas.waiting());
            for (StepCapture capture : captures()) {
                Object reply = client.ask(request("serialize", out -> {
                    out.writeObjectFieldStart("capture");
                    write(out, capture);
                    out.writeEndObject();
                }));
                byte[] value =
                        HEX.parseHex(RegistryJson.text(reply, "hex").orElseThrow(() -> new AssertionError(reply)));

                assertThat(decoder.decode(value)).isEqualTo(new DecodeResult.Decoded(capture));
                assertThat(value)
                        .as("byte for byte as ours")
                        .isEqualTo(new ConfluentFormat.Encoder().encode(id, capture));
            }
        }
    }

    @Test
    void whatWeSerializeItDecodes() throws IOException {
        try (ConfluentClient.Conversation client = ConfluentClient.talk(settings)) {
            for (StepCapture capture : captures()) {
                byte[] value = new ConfluentFormat.Encoder().encode(id, capture);

                Object reply =
                        client.ask(request("deserialize", out -> out.writeStringField("hex", HEX.formatHex(value))));

                assertThat(reply).isInstanceOf(Map.class);
                StringWriter expected = new StringWriter();
                try (JsonGenerator out = new JsonFactory().createGenerator(expected)) {
                    out.writeStartObject();
                    write(out, capture);
                    out.writeEndObject();
                }
                assertThat(((Map<?, ?>) requireNonNull(reply)).get("capture"))
                        .as("%s", reply)
                        .isEqualTo(RegistryJson.read(expected.toString().getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private interface Fields {
        void write(JsonGenerator out) throws IOException;
    }

    private String request(String what, Fields fields) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            out.writeStartObject();
            out.writeStringField("do", what);
            out.writeStringField("topic", topic);
            fields.write(out);
            out.writeEndObject();
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, StepCapture capture) throws IOException {
        out.writeStringField("session_id", capture.getSessionId());
        out.writeStringField("step_id", capture.getStepId());
        out.writeStringField(
                "captured_at", Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, capture.getCapturedAt())));
        write(out, "sequence", capture.getSequence().map(String::valueOf));
        write(out, "url", capture.getUrl());
        writeArtifact(out, "html", capture.getHtml().orElse(null));
        writeArtifact(out, "screenshot", capture.getScreenshot().orElse(null));
        write(out, "action", capture.getAction());
        out.writeObjectFieldStart("attachments");
        for (Map.Entry<String, Artifact> each : capture.getAttachments().entrySet()) {
            writeArtifact(out, each.getKey(), each.getValue());
        }
        out.writeEndObject();
        out.writeObjectFieldStart("labels");
        for (Map.Entry<String, String> each : capture.getLabels().entrySet()) {
            out.writeStringField(each.getKey(), each.getValue());
        }
        out.writeEndObject();
        out.writeBooleanField("end_of_session", capture.getEndOfSession());
    }

    private static void write(JsonGenerator out, String field, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            out.writeStringField(field, value.get());
        } else {
            out.writeNullField(field);
        }
    }

    private static void writeArtifact(JsonGenerator out, String field, @Nullable Artifact artifact) throws IOException {
        if (artifact == null) {
            out.writeNullField(field);
            return;
        }
        ByteBuffer data = artifact.getData().duplicate();
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        out.writeObjectFieldStart(field);
        out.writeStringField("content_type", artifact.getContentType());
        out.writeStringField("hex", HEX.formatHex(bytes));
        out.writeEndObject();
    }
}
