package io.stepvault.devkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.capture.CommitRecord;
import io.stepvault.event.StepCapture;
import io.stepvault.registry.CachedSchemas;
import io.stepvault.registry.RegistryAnswer;
import io.stepvault.registry.RegistryClient;
import io.stepvault.wire.CaptureDecoder;
import io.stepvault.wire.ChunkHeader;
import io.stepvault.wire.Chunking;
import io.stepvault.wire.DecodeResult;
import io.stepvault.wire.SingleObjectCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the kit says of captures, without a broker; {@link ConformanceKitIT} publishes it. */
class ConformanceKitTest {
    static Stream<KitCase> captures() throws IOException {
        return KitCase.all().filter(one -> one.reason().isEmpty());
    }

    static Stream<KitCase> chunked() throws IOException {
        return captures().filter(one -> KitCase.chunk(one.records().get(0)).isPresent());
    }

    static Stream<KitCase> single() throws IOException {
        return captures().filter(one -> one.format().equals("single-object"));
    }

    @ParameterizedTest
    @MethodSource("captures")
    void theRecordsHoldTheCapture(KitCase one) {
        assertThat(decoded(one)).isEqualTo(one.capture());
    }

    @ParameterizedTest
    @MethodSource("captures")
    void theCaptureBecomesThisRevision(KitCase one) {
        CommitRecord record = CommitRecord.of(one.capture());

        assertThat(new String(record.toJson(), StandardCharsets.UTF_8)).isEqualTo(one.text("step_json"));
        assertThat(record.revision().toString()).isEqualTo(one.text("revision"));
        assertThat(record.artifacts().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                named -> Map.of(
                                        "content_type", named.getValue().contentType(),
                                        "size", named.getValue().size(),
                                        "sha256", named.getValue().sha256()))))
                .isEqualTo(one.fields().get("artifacts"));
    }

    @ParameterizedTest
    @MethodSource("single")
    void ourEncoderWritesTheSameBytes(KitCase one) {
        assertThat(SingleObjectCodec.stepCaptures().encode(one.capture())).isEqualTo(one.whole());
        assertThat(one.records().get(0).key())
                .isEqualTo(one.capture().getSessionId().getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("chunked")
    void weCutTheSameChunks(KitCase one) {
        int chunkBytes = one.records().get(0).value().length;
        for (ProducerRecord<byte[], byte[]> record : one.records()) {
            ChunkHeader header = KitCase.chunk(record).orElseThrow();

            Chunking chunking = new Chunking(header.id(), one.whole(), chunkBytes);

            assertThat(chunking.header(header.index())).isEqualTo(header);
            assertThat(chunking.bytes(header.index())).isEqualTo(record.value());
        }
    }

    /** The kit and each example have the schema beside them, so that nobody needs this checkout to use them. */
    @Test
    void theCopiesOfTheSchemaAreTheFrozenOne() throws IOException {
        Path frozen = Path.of("../schemas/src/main/resources/io/stepvault/event/frozen/StepCapture.v1.avsc");

        List<Path> copies = List.of(
                KitCase.KIT.resolve("StepCapture.avsc"),
                Path.of("../examples/node/StepCapture.avsc"),
                Path.of("../examples/python/StepCapture.avsc"));

        assertThat(copies).allSatisfy(copy -> assertThat(copy).hasSameTextualContentAs(frozen));
        assertThat(Files.readString(KitCase.KIT.resolve("README.md"))).contains("c3 01 d7 d1 be 17 00 33 35 e0");
    }

    @Test
    void theEventTakenApartInTheDocsIsTheKitsSmallest() throws IOException {
        Matcher block = Pattern.compile("(?s)```text\n(c301 .*?)```")
                .matcher(Files.readString(Path.of("..", "docs", "producers.md")));
        assertThat(block.find()).isTrue();

        String bytes = block.group(1)
                .lines()
                .map(line -> line.replaceFirst("  .*", "").replace(" ", ""))
                .collect(Collectors.joining());

        KitCase smallest = single().filter(one -> one.name().equals("single-minimal"))
                .findFirst()
                .orElseThrow();
        assertThat(HexFormat.of().parseHex(bytes)).isEqualTo(smallest.whole());
    }

    /** By the workers' decoder, with a registry that knows the case's schema. */
    private static StepCapture decoded(KitCase one) {
        CachedSchemas.Source registry = id -> one.isConfluent() && id == one.schemaId()
                ? new RegistryAnswer.Found<>(new RegistryClient.SchemaText(one.text("schema"), "AVRO", false))
                : new RegistryAnswer.Missing<>("the case names no schema " + id);
        try (CachedSchemas schemas = new CachedSchemas(registry, CachedSchemas.Limits.DEFAULT, Clock.systemUTC())) {
            DecodeResult result = new CaptureDecoder(schemas.waiting()).decode(one.whole());
            assertThat(result).isInstanceOf(DecodeResult.Decoded.class);
            return ((DecodeResult.Decoded) result).capture();
        }
    }
}
