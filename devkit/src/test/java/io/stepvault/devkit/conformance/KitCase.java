package io.stepvault.devkit.conformance;

import io.stepvault.capture.Artifacts;
import io.stepvault.capture.StepCaptures;
import io.stepvault.devkit.outside.IngestBed;
import io.stepvault.event.Artifact;
import io.stepvault.event.StepCapture;
import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.ChunkHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** A case of the kit; its README says what the fields are. */
record KitCase(String name, Map<String, Object> fields) {
    static final Path KIT = Path.of("..", "conformance");
    private static final HexFormat HEX = HexFormat.of();

    static Stream<KitCase> all() throws IOException {
        List<Path> files;
        try (Stream<Path> entries = Files.list(KIT.resolve("cases"))) {
            files = entries.sorted().toList();
        }
        return files.stream()
                .map(file -> new KitCase(file.getFileName().toString().replace(".json", ""), KitFile.read(file)));
    }

    String format() {
        return text("format");
    }

    boolean isConfluent() {
        return fields.containsKey("schema_id");
    }

    /** The reason of the dead letters that its records become, if they do. */
    Optional<String> reason() {
        return Optional.ofNullable((String) fields.get("reason"));
    }

    String text(String field) {
        return text(fields, field);
    }

    long schemaId() {
        return (Long) Objects.requireNonNull(fields.get("schema_id"));
    }

    /** What is published, in this order. */
    List<ProducerRecord<byte[], byte[]>> records() {
        return ((List<?>) Objects.requireNonNull(fields.get("records")))
                .stream().map(one -> record((Map<?, ?>) one)).toList();
    }

    private static ProducerRecord<byte[], byte[]> record(Map<?, ?> described) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                IngestBed.CAPTURES,
                HEX.parseHex(text(described, "key")),
                described.containsKey("value") ? HEX.parseHex(text(described, "value")) : null);
        if (described.get("headers") instanceof List<?> headers) {
            for (Object one : headers) {
                Map<?, ?> header = (Map<?, ?>) one;
                record.headers().add(text(header, "name"), HEX.parseHex(text(header, "value")));
            }
        }
        return record;
    }

    /** What a record says of itself, if it is a chunk. */
    static Optional<ChunkHeader> chunk(ProducerRecord<byte[], byte[]> record) {
        ChunkFormat.Lookup headers = name -> {
            Header header = record.headers().lastHeader(name);
            return header == null ? null : header.value();
        };
        return ChunkFormat.CAPTURES.parse(headers) instanceof ChunkFormat.Parsed.Chunk chunk
                ? Optional.of(chunk.header())
                : Optional.empty();
    }

    /** The bytes that the records carry, chunks put together and repeats of them left out. */
    byte[] whole() {
        Map<Integer, byte[]> pieces = new TreeMap<>();
        records()
                .forEach(record ->
                        pieces.put(chunk(record).map(ChunkHeader::index).orElse(0), record.value()));
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        pieces.values().forEach(whole::writeBytes);
        return whole.toByteArray();
    }

    /** What the records must become. */
    StepCapture capture() {
        Map<?, ?> said = (Map<?, ?>) Objects.requireNonNull(fields.get("capture"));
        Map<String, Artifact> attachments = new HashMap<>();
        map(said, "attachments").forEach((name, artifact) -> attachments.put((String) name, artifact(artifact)));
        Map<String, String> labels = new HashMap<>();
        map(said, "labels").forEach((name, label) -> labels.put((String) name, (String) label));
        return StepCaptures.of(
                        text(said, "session_id"), text(said, "step_id"), Instant.parse(text(said, "captured_at")))
                .setSequence((Long) said.get("sequence"))
                .setUrl((String) said.get("url"))
                .setHtml(said.containsKey("html") ? artifact(said.get("html")) : null)
                .setScreenshot(said.containsKey("screenshot") ? artifact(said.get("screenshot")) : null)
                .setAction((String) said.get("action"))
                .setAttachments(attachments)
                .setLabels(labels)
                .setEndOfSession(Boolean.TRUE.equals(said.get("end_of_session")))
                .build();
    }

    private static Artifact artifact(Object described) {
        Map<?, ?> artifact = (Map<?, ?>) described;
        byte[] data = artifact.containsKey("text")
                ? text(artifact, "text").getBytes(StandardCharsets.UTF_8)
                : Base64.getDecoder().decode(text(artifact, "base64"));
        return Artifacts.of(text(artifact, "content_type"), data);
    }

    private static Map<?, ?> map(Map<?, ?> object, String field) {
        Object map = object.get(field);
        return map == null ? Map.of() : (Map<?, ?>) map;
    }

    private static String text(Map<?, ?> object, String field) {
        return (String) Objects.requireNonNull(object.get(field), () -> field + " is missing in " + object);
    }

    @Override
    public String toString() {
        return name;
    }
}
