package io.stepvault.worker.spool.file;

import static io.stepvault.worker.spool.SpooledBatches.describe;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.worker.flow.SourceRecord;
import io.stepvault.worker.spool.BatchOrigin;
import io.stepvault.worker.spool.SpoolEntry;
import io.stepvault.worker.spool.SpooledBatch;
import io.stepvault.worker.spool.SpooledCapture;
import io.stepvault.worker.spool.file.ScannedFile.Condition;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Whatever happens to a file: what was intact is found to the byte, and nothing else ever is. */
class SpoolRecoveryTest {
    /** What is read back is compared now and then only, to save time: checksums are checked every time. */
    private static final int CONTENT_EVERY = 16;

    private static final FileName NAME = new FileName(1_700_000_000_000L, 0);
    private static final Path DIRECTORY =
            Path.of("target", "spool-recovery-" + ProcessHandle.current().pid());

    private final SpoolReader reader = new SpoolReader();

    @BeforeContainer
    static void makeDirectory() throws IOException {
        Files.createDirectories(DIRECTORY);
    }

    @AfterContainer
    static void removeDirectory() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(DIRECTORY);
    }

    @Property(tries = 100)
    void readsBackWhatWasWritten(@ForAll("batches") List<SpooledBatch> batches) throws Exception {
        List<SpoolEntry> written = write(batches);

        assertThat(scan().condition()).isEqualTo(Condition.INTACT);
        assertThat(scan().batches()).isEqualTo(written);
        assertThat(contentOf(written)).isEqualTo(describeAll(batches));
    }

    @Property(tries = 5)
    void whateverIsTornOffTheBatchesBeforeItAreFound(
            @ForAll("batches") List<SpooledBatch> batches, @ForAll Random random) throws Exception {
        List<SpoolEntry> written = write(batches);
        List<String> contents = describeAll(batches);

        try (RandomAccessFile file = new RandomAccessFile(file().toFile(), "rw")) {
            for (long length = file.length() - 1; length >= 0; length--) {
                file.setLength(length);
                long end = length;
                List<SpoolEntry> before = written.stream()
                        .filter(entry -> entry.position() + entry.bytes() <= end)
                        .toList();
                ScannedFile scanned = scan();

                assertThat(scanned.condition()).isEqualTo(Condition.DAMAGED);
                assertThat(scanned.batches()).isEqualTo(before);
                if (random.nextInt(CONTENT_EVERY) == 0) {
                    assertThat(contentOf(before)).isEqualTo(contents.subList(0, before.size()));
                }
            }
        }
    }

    @Property(tries = 5)
    void whateverBitFlipsAllOtherBatchesAreFound(@ForAll("batches") List<SpooledBatch> batches, @ForAll Random random)
            throws Exception {
        List<SpoolEntry> written = write(batches);
        List<String> contents = describeAll(batches);

        try (RandomAccessFile file = new RandomAccessFile(file().toFile(), "rw")) {
            for (long position = 0; position < file.length(); position++) {
                int bit = 1 << random.nextInt(8);
                flip(file, position, bit);
                long at = position;
                List<SpoolEntry> untouched = written.stream()
                        .filter(entry -> at < entry.position()
                                || at >= entry.position() + entry.bytes() - SpoolFormat.SYNC_BYTES)
                        .toList();
                ScannedFile scanned = scan();

                assertThat(scanned.condition()).isNotEqualTo(Condition.INTACT);
                assertThat(scanned.batches()).as("flipped at %d", position).isEqualTo(untouched);
                if (random.nextInt(CONTENT_EVERY) == 0) {
                    assertThat(contents).containsAll(contentOf(untouched));
                }
                flip(file, position, bit);
            }
        }
    }

    private static void flip(RandomAccessFile file, long position, int bit) throws IOException {
        file.seek(position);
        int old = file.read();
        file.seek(position);
        file.write(old ^ bit);
    }

    @Property(tries = 200)
    void noiseIsNeverABatch(@ForAll("batches") List<SpooledBatch> batches, @ForAll Random random) throws Exception {
        List<SpoolEntry> written = write(batches);
        byte[] noisy = Files.readAllBytes(file());
        int start = random.nextInt(noisy.length);
        int length = random.nextInt(noisy.length - start);
        for (int i = start; i < start + length; i++) {
            noisy[i] = (byte) random.nextInt();
        }
        byte[] longer = Arrays.copyOf(noisy, noisy.length + random.nextInt(50));
        Files.write(file(), longer);

        ScannedFile scanned = scan();

        assertThat(written).containsAll(scanned.batches());
        assertThat(describeAll(batches)).containsAll(contentOf(scanned.batches()));
    }

    @Property(tries = 500)
    void whatIsNoSpoolFileAtAllHoldsNothing(@ForAll byte[] bytes) throws Exception {
        Files.write(file(), bytes);

        assertThat(scan().batches()).isEmpty();
        assertThat(scan().condition()).isEqualTo(Condition.DAMAGED);
    }

    @Provide
    Arbitrary<List<SpooledBatch>> batches() {
        Arbitrary<String> text = Arbitraries.of("", "a", "session-17", "../\0\u202E\uD83D\uDE00", "x".repeat(70));
        Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(40);
        Arbitrary<byte[]> nullable = bytes.injectNull(0.2);
        Arbitrary<Header> header = Combinators.combine(text, nullable).as(RecordHeader::new);
        Arbitrary<List<Long>> offsets = Arbitraries.longs()
                .between(0, Long.MAX_VALUE)
                .set()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(set -> set.stream().sorted().toList());
        Arbitrary<SpooledCapture> capture = Combinators.combine(
                        offsets,
                        nullable,
                        nullable,
                        header.list().ofMaxSize(3),
                        Arbitraries.longs().greaterOrEqual(-1))
                .as((its, key, value, headers, time) ->
                        new SpooledCapture(its, new SourceRecord(key, value, headers, time)));
        Arbitrary<BatchOrigin> origin = Combinators.combine(
                        text, text, text, Arbitraries.integers().greaterOrEqual(0))
                .as((cluster, id, topic, partition) ->
                        new BatchOrigin(cluster, id, new TopicPartition(topic, partition)));
        return Combinators.combine(origin, text, capture.list().ofMinSize(1).ofMaxSize(3))
                .as(SpooledBatch::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    private static Path file() {
        return DIRECTORY.resolve(NAME.toString());
    }

    private static List<SpoolEntry> write(List<SpooledBatch> batches) throws IOException {
        Files.deleteIfExists(file());
        QueueFiles queue = new QueueFiles(DIRECTORY, DIRECTORY, FileOpener.ofSystem());
        return queue.write(NAME, batches.stream().map(BatchEncoder::measure).toList());
    }

    private ScannedFile scan() throws IOException {
        return reader.scan(file());
    }

    private List<String> contentOf(List<SpoolEntry> entries) throws Exception {
        List<String> contents = new ArrayList<>();
        for (SpoolEntry entry : entries) {
            contents.add(describe(reader.read(DIRECTORY, entry)));
        }
        return contents;
    }

    private static List<String> describeAll(List<SpooledBatch> batches) {
        List<String> contents = new ArrayList<>();
        batches.forEach(batch -> contents.add(describe(batch)));
        return contents;
    }
}
