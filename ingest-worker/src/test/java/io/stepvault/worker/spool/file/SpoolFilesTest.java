package io.stepvault.worker.spool.file;

import static io.stepvault.worker.spool.SpooledBatches.aBatch;
import static io.stepvault.worker.spool.SpooledBatches.aBatchOf;
import static io.stepvault.worker.spool.SpooledBatches.describe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.worker.ManualThread;
import io.stepvault.worker.spool.SpoolDisk;
import io.stepvault.worker.spool.SpoolDisk.ReadBack;
import io.stepvault.worker.spool.SpoolDisk.Written;
import io.stepvault.worker.spool.SpoolDiskContract;
import io.stepvault.worker.spool.SpoolEntry;
import io.stepvault.worker.spool.SpooledBatch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolFilesTest extends SpoolDiskContract {
    private static final SpoolLimits AMPLE = new SpoolLimits(1L << 30, 0, 1_000_000);

    private final ManualThread time = new ManualThread();
    private final FaultyDisk faults = new FaultyDisk();
    private long freeBytes = 1L << 40;

    @TempDir
    private Path root = Path.of("");

    private Opened opened = Opened.NOTHING;

    private record Opened(AutoCloseable directory, SpoolContents contents, List<SpoolFiles> disks) {
        static final Opened NOTHING = new Opened(() -> {}, new SpoolContents(List.of(), List.of()), List.of());
    }

    @BeforeEach
    void open() {
        open(AMPLE);
    }

    @AfterEach
    void close() {
        opened.disks().forEach(SpoolFiles::close);
        try {
            opened.directory().close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void open(SpoolLimits limits) {
        close();
        try {
            SpoolDirectory directory = SpoolDirectory.open(root);
            SpoolContents contents = SpoolContents.read(directory, time.clock());
            SpoolFiles disk = new SpoolFiles(
                    directory.paths(), contents, limits, () -> freeBytes, time.clock(), SpoolFiles.Access.of(faults));
            opened = new Opened(directory, contents, List.of(disk));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected SpoolDisk disk() {
        return opened.disks().get(0);
    }

    @Override
    protected List<SpoolEntry> restart() {
        open(AMPLE);
        return opened.contents().batches();
    }

    @Override
    protected void damage(SpoolEntry entry) {
        try (RandomAccessFile file = new RandomAccessFile(fileOf(entry).toFile(), "rw")) {
            long position = entry.position() + entry.bytes() / 2;
            file.seek(position);
            int old = file.read();
            file.seek(position);
            file.write(old ^ 0x10);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void lose(String file) {
        try {
            Files.delete(queue().resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void leaveRoomFor(long bytes) {
        open(new SpoolLimits(disk().use().bytes() + bytes, 0, 1_000));
    }

    @Test
    void leavesRoomOnTheDiskForOthers() {
        open(new SpoolLimits(1L << 30, 1_000_000, 1_000));
        freeBytes = 1_001_000;

        assertThat(refused(aBatchOf(1_000, "s1", 1)))
                .satisfies(refused -> assertThat(refused.operatorMustAct()).isFalse())
                .satisfies(refused -> assertThat(refused.why()).contains("1001000", "1000000"));
        freeBytes = 1_004_000;
        assertThat(write(aBatchOf(1_000, "s1", 1))).hasSize(1);
    }

    @Test
    void remembersNoMoreBatchesThanItMay() {
        open(new SpoolLimits(1L << 30, 0, 3));
        List<SpoolEntry> written = write(aBatch("s1", 1), aBatch("s1", 2));

        assertThat(refused(aBatch("s1", 3), aBatch("s1", 4)).operatorMustAct()).isFalse();
        await(disk().delete(written.get(0).file()));
        assertThat(write(aBatch("s1", 3), aBatch("s1", 4))).hasSize(2);
    }

    @Test
    void aWriteThatFailsAtAnyByteLeavesNothingBehind() throws IOException {
        SpooledBatch batch = aBatchOf(300_000, "s1", 1);
        long size = BatchEncoder.measure(batch).blockBytes() + SpoolFormat.firstBlock();

        for (long position = 0; position < size; position += 60_000) {
            faults.failAtByte(position);
            Written.Refused refused = refused(batch);
            assertThat(refused.operatorMustAct()).isTrue();
            assertThat(refused.why()).contains(root.toRealPath().toString(), "No space left", "check the disk");
            assertThat(filesIn(queue())).isEmpty();
        }

        faults.heal();
        assertThat(describe(read(write(batch).get(0)))).isEqualTo(describe(batch));
        assertThat(disk().use().files()).isEqualTo(1);
    }

    @Test
    void aSyncThatFailsLeavesNothingBehind() {
        for (int sync = 0; sync < 2; sync++) {
            faults.failSync(sync);
            assertThat(refused(aBatch("s1", 1)).operatorMustAct()).isTrue();
            assertThat(filesIn(queue())).isEmpty();
            assertThat(disk().use().bytes()).isZero();
        }
    }

    @Test
    void removesWhatACrashLeftHalfWritten() throws IOException {
        SpoolEntry entry = write(aBatch("s1", 1)).get(0);
        Path temporary = queue().resolve("1700000000000-000000.spool.tmp");
        Files.copy(fileOf(entry), temporary);

        assertThat(restart()).containsExactly(entry);

        assertThat(temporary).doesNotExist();
    }

    @Test
    void movesADamagedFileAsideOnceItsIntactBatchesAreDone() {
        List<SpoolEntry> entries = write(aBatch("s1", 1), aBatch("s2", 2));
        damage(entries.get(0));
        assertThat(restart()).containsExactly(entries.get(1));
        assertThat(opened.contents().problems()).singleElement().satisfies(file -> {
            assertThat(file.name()).isEqualTo(entries.get(0).file());
            assertThat(file.problem()).contains("checksum", "1 of 2");
        });
        long bytes = disk().use().bytes();

        await(disk().delete(entries.get(1).file()));

        assertThat(filesIn(queue())).isEmpty();
        assertThat(filesIn(root.resolve("corrupt")))
                .containsExactly(entries.get(0).file());
        assertThat(disk().use().bytes()).isEqualTo(bytes);
        assertThat(disk().use().files()).isZero();
        assertThat(restart()).isEmpty();
        assertThat(opened.contents().problems()).isEmpty();
    }

    @Test
    void movesAFileAsideInWhichDamageWasFoundByReading() {
        List<SpoolEntry> entries = write(aBatch("s1", 1), aBatch("s2", 2));
        damage(entries.get(0));
        assertThat(await(disk().read(entries.get(0)))).isInstanceOf(ReadBack.Corrupt.class);

        await(disk().delete(entries.get(0).file()));

        assertThat(filesIn(root.resolve("corrupt")))
                .containsExactly(entries.get(0).file());
    }

    @Test
    void movesAFileWithNothingIntactAsideAtOnce() throws IOException {
        SpoolEntry entry = write(aBatch("s1", 1)).get(0);
        damage(entry);
        Files.createFile(root.resolve("corrupt").resolve(entry.file()));

        assertThat(restart()).isEmpty();

        assertThat(filesIn(queue())).isEmpty();
        assertThat(filesIn(root.resolve("corrupt"))).containsExactly(entry.file(), entry.file() + ".1");
        assertThat(opened.contents().movedAside()).extracting(ScannedFile::name).containsExactly(entry.file());
    }

    @Test
    void whatWasMovedAsideTakesRoomUntilSomebodyRemovesIt() throws IOException {
        SpoolEntry entry = write(aBatchOf(5_000, "s1", 1)).get(0);
        damage(entry);
        restart();
        open(new SpoolLimits(6_000, 0, 100));
        assertThat(refused(aBatchOf(1_000, "s2", 2)).why()).contains("budget");

        Files.delete(root.resolve("corrupt").resolve(entry.file()));

        assertThat(write(aBatchOf(1_000, "s2", 2))).hasSize(1);
    }

    @Test
    void leavesFilesOfALaterVersionAlone() throws IOException {
        SpoolEntry entry = write(aBatch("s1", 1)).get(0);
        byte[] header = SpoolFormat.header(1);
        String text = new String(header, StandardCharsets.ISO_8859_1)
                .replace("stepvault.spool.version\0021", "stepvault.spool.version\0022");
        Path later = queue().resolve("1799999999999-000000.spool");
        Files.write(later, text.getBytes(StandardCharsets.ISO_8859_1));

        assertThat(restart()).containsExactly(entry);

        assertThat(later).exists();
        assertThat(opened.contents().problems()).singleElement().satisfies(file -> {
            assertThat(file.condition()).isEqualTo(ScannedFile.Condition.OTHER_VERSION);
            assertThat(file.problem()).contains("version 2");
        });
    }

    @Test
    void leavesWhatIsNoSpoolFileAlone() throws IOException {
        Path notes = Files.writeString(queue().resolve("notes.txt"), "mine");

        assertThat(restart()).isEmpty();

        assertThat(notes).hasContent("mine");
    }

    @Test
    void doesNotFollowALinkInTheQueue() throws IOException {
        SpoolEntry entry = write(aBatch("s1", 1)).get(0);
        Path elsewhere = Files.move(fileOf(entry), root.resolve("elsewhere"));
        Files.createSymbolicLink(queue().resolve(entry.file()), elsewhere);

        assertThat(restart()).isEmpty();

        assertThat(opened.contents().problems())
                .extracting(ScannedFile::condition)
                .containsExactly(ScannedFile.Condition.UNREADABLE);
        assertThat(elsewhere).exists();
    }

    @Test
    void namesStayInOrderWhenTheClockIsPutBack() {
        SpoolEntry first = write(aBatch("s1", 1)).get(0);
        time.pass(Duration.ofHours(-1));
        SpoolEntry second = write(aBatch("s1", 2)).get(0);
        restart();
        SpoolEntry third = write(aBatch("s1", 3)).get(0);

        assertThat(restart()).containsExactly(first, second, third);
    }

    @Test
    void answersEverythingWhenItIsClosed() {
        List<CompletableFuture<?>> answers = IntStream.range(0, 200)
                .<CompletableFuture<?>>mapToObj(i -> disk().write(List.of(aBatch("s" + i, i))))
                .toList();

        opened.disks().get(0).close();

        assertThat(answers).allMatch(CompletableFuture::isDone).noneMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(await(disk().write(List.of(aBatch("s", 1))))).isInstanceOf(Written.Refused.class);
        assertThat(await(disk().delete("x"))).isNull();
    }

    @Test
    void aCallerThatIsInterruptedHarmsNoFile() {
        Thread.currentThread().interrupt();
        CompletableFuture<Written> answer = disk().write(List.of(aBatch("s1", 1)));
        assertThat(Thread.interrupted()).isTrue();

        assertThat(await(answer)).isInstanceOf(Written.Durably.class);
    }

    @Test
    void aStartThatIsInterruptedMistakesNoFileForUnreadable() {
        SpoolEntry entry = write(aBatch("s1", 1)).get(0);

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> new SpoolReader().scan(fileOf(entry))).isInstanceOf(ClosedByInterruptException.class);
        assertThat(Thread.interrupted()).isTrue();

        assertThat(restart()).containsExactly(entry);
    }

    @Test
    void readsAndWritesCapturesOfMegabytes() {
        SpooledBatch large = aBatchOf(20_000_000, "s1", 1, 2);

        SpoolEntry entry = write(aBatch("s0", 0), large, aBatch("s2", 3)).get(1);

        assertThat(values(read(entry))).usingElementComparator(Arrays::compare).isEqualTo(values(large));
        assertThat(restart()).hasSize(3);
    }

    private Written.Refused refused(SpooledBatch... batches) {
        Written written = await(disk().write(List.of(batches)));
        assertThat(written).isInstanceOf(Written.Refused.class);
        return (Written.Refused) written;
    }

    private Path queue() {
        return root.resolve("queue");
    }

    private Path fileOf(SpoolEntry entry) {
        return queue().resolve(entry.file());
    }

    private static List<String> filesIn(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<byte[]> values(SpooledBatch batch) {
        return batch.captures().stream()
                .map(capture -> Objects.requireNonNull(capture.record().value()))
                .toList();
    }
}
