package io.stepvault.worker.spool.file;

import static io.stepvault.worker.spool.SpooledBatches.describe;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.worker.Captures;
import io.stepvault.worker.flow.SourceRecord;
import io.stepvault.worker.spool.BatchOrigin;
import io.stepvault.worker.spool.SpoolEntry;
import io.stepvault.worker.spool.SpooledBatch;
import io.stepvault.worker.spool.SpooledCapture;
import io.stepvault.worker.spool.file.ScannedFile.Condition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Spool files that were written once. The switch {@code -Dupdate.golden=true} only writes what is missing, never what is
 * there.
 */
class GoldenSpoolTest {
    private static final Path DIRECTORY = Path.of("src/test/resources/golden/spool/v1");
    private static final String EVERYTHING = "1790000000000-000000.spool";
    private static final String CAPTURE = "1790000000001-000000.spool";
    private static final String TORN = "1790000000002-000000.spool";

    private final SpoolReader reader = new SpoolReader();

    @BeforeAll
    static void writeWhatIsMissing() throws IOException {
        byte[] everything = encode(everything(), "golden-sync-0001");
        writeIfAsked(EVERYTHING, everything);
        writeIfAsked(CAPTURE, encode(capture(), "golden-sync-0002"));
        writeIfAsked(TORN, Arrays.copyOf(everything, everything.length - 30));
    }

    @ParameterizedTest
    @ValueSource(strings = {EVERYTHING, CAPTURE, TORN})
    void readsWhatVersionOneWrote(String name) throws Exception {
        ScannedFile file = reader.scan(DIRECTORY.resolve(name));
        String text = text(file);
        String textName = name.replace(".spool", ".txt");
        writeIfAsked(textName, text.getBytes(StandardCharsets.UTF_8));

        assertThat(text).isEqualTo(Files.readString(DIRECTORY.resolve(textName)));
    }

    @ParameterizedTest
    @ValueSource(strings = {EVERYTHING, CAPTURE})
    void writesTheSameBytesAgain(String name) throws Exception {
        ScannedFile file = reader.scan(DIRECTORY.resolve(name));
        List<SpooledBatch> batches = new ArrayList<>();
        for (SpoolEntry entry : file.batches()) {
            batches.add(reader.read(DIRECTORY, entry));
        }
        byte[] bytes = Files.readAllBytes(DIRECTORY.resolve(name));
        String sync = new String(bytes, SpoolFormat.headerBytes(), SpoolFormat.SYNC_BYTES, StandardCharsets.US_ASCII);

        assertThat(file.condition()).isEqualTo(Condition.INTACT);
        assertThat(encode(batches, sync)).isEqualTo(bytes);
    }

    private String text(ScannedFile file) throws Exception {
        StringBuilder text = new StringBuilder()
                .append(file.condition())
                .append(' ')
                .append(file.problem())
                .append('\n');
        for (SpoolEntry entry : file.batches()) {
            text.append("\nat ")
                    .append(entry.position())
                    .append(", ")
                    .append(entry.bytes())
                    .append(" bytes, offsets ")
                    .append(entry.offsets())
                    .append('\n')
                    .append(describe(reader.read(DIRECTORY, entry)))
                    .append('\n');
        }
        return text.toString();
    }

    private static void writeIfAsked(String name, byte[] content) throws IOException {
        Path file = DIRECTORY.resolve(name);
        if (Boolean.getBoolean("update.golden") && Files.notExists(file)) {
            Files.write(file, content);
        }
    }

    private static byte[] encode(List<SpooledBatch> batches, String sync) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        QueueFiles.writeTo(
                bytes, batches.stream().map(BatchEncoder::measure).toList(), sync.getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }

    @SuppressWarnings("NullAway") // Kafka's headers may have no value, whatever its annotations say
    private static List<SpooledBatch> everything() {
        BatchOrigin origin = new BatchOrigin(
                "MkU3OEVBNTcwNTJENDM2Qg", "0cUY6LUNRAmeoZhS4SFGbg", new TopicPartition("step-captures", 11));
        SourceRecord nothing = new SourceRecord(null, null, List.of(), -1);
        SourceRecord empty = new SourceRecord(new byte[0], new byte[0], List.of(new RecordHeader("", new byte[0])), 0);
        SourceRecord headers = new SourceRecord(
                "s1".getBytes(StandardCharsets.UTF_8),
                new byte[] {0, 1, -1, Byte.MIN_VALUE},
                List.of(
                        new RecordHeader("traceparent", "00-ab".getBytes(StandardCharsets.UTF_8)),
                        new RecordHeader("h", null),
                        new RecordHeader("h", new byte[] {7})),
                1_789_999_999_999L);
        SpooledBatch odd = new SpooledBatch(
                origin,
                "../\u00E9\uD83D\uDE00",
                List.of(
                        new SpooledCapture(List.of(0L), nothing),
                        new SpooledCapture(List.of(1L, 2L, 5L), empty),
                        new SpooledCapture(List.of(3L, Long.MAX_VALUE - 1), headers)));
        SpooledBatch plain = new SpooledBatch(origin, "s1", List.of(new SpooledCapture(List.of(6L), headers)));
        return List.of(odd, plain);
    }

    private static List<SpooledBatch> capture() {
        BatchOrigin origin = new BatchOrigin("cluster", "topic-id", new TopicPartition("step-captures", 0));
        byte[] value = SingleObjectCodec.stepCaptures()
                .encode(Captures.aStep("crawl-17", "step-1").build());
        SourceRecord record =
                new SourceRecord("crawl-17".getBytes(StandardCharsets.UTF_8), value, List.of(), 1_790_000_000_000L);
        return List.of(new SpooledBatch(origin, "crawl-17", List.of(new SpooledCapture(List.of(42L), record))));
    }
}
