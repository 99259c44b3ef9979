package io.stepvault.worker.spool;

import static io.stepvault.worker.spool.SpooledBatches.ORIGIN;
import static io.stepvault.worker.spool.SpooledBatches.aBatch;
import static io.stepvault.worker.spool.SpooledBatches.aBatchOf;
import static io.stepvault.worker.spool.SpooledBatches.describe;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.worker.flow.SourceRecord;
import io.stepvault.worker.spool.SpoolDisk.ReadBack;
import io.stepvault.worker.spool.SpoolDisk.Written;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

/** What every disk behind the queue does. */
public abstract class SpoolDiskContract {
    /** The disk under test: empty at first, and the one opened last after {@link #restart}. */
    protected abstract SpoolDisk disk();

    /** Opens the same disk anew, and returns the batches found on it, oldest first. */
    protected abstract List<SpoolEntry> restart();

    /** Damages the bytes of a batch where they lie. */
    protected abstract void damage(SpoolEntry entry);

    /** Takes a file away. */
    protected abstract void lose(String file);

    /** Leaves room for so many more bytes. */
    protected abstract void leaveRoomFor(long bytes);

    @Test
    void givesBackEachBatchAsItWasWritten() {
        SpooledBatch one = aBatch("s1", 5, 6, 9);
        SpooledBatch other = aBatch("s2", 7);

        List<SpoolEntry> entries = write(one, other);

        assertThat(entries).extracting(SpoolEntry::sessionId).containsExactly("s1", "s2");
        assertThat(entries).extracting(SpoolEntry::captures).containsExactly(3, 1);
        assertThat(entries).extracting(SpoolEntry::offsets).containsExactly(List.of(5L, 6L, 9L), List.of(7L));
        assertThat(entries).extracting(SpoolEntry::origin).containsOnly(ORIGIN);
        assertThat(entries)
                .extracting(SpoolEntry::file)
                .containsOnly(entries.get(0).file());
        assertThat(describe(read(entries.get(1)))).isEqualTo(describe(other));
        assertThat(describe(read(entries.get(0)))).isEqualTo(describe(one));
    }

    @Test
    void tellsNullFromEmptyEverywhere() {
        SpooledBatch batch = new SpooledBatch(
                ORIGIN,
                "",
                List.of(
                        new SpooledCapture(List.of(1L, 2L, 4L), new SourceRecord(null, null, List.of(), -1)),
                        new SpooledCapture(
                                List.of(3L, 5L),
                                new SourceRecord(
                                        new byte[0],
                                        new byte[0],
                                        List.of(
                                                new RecordHeader("", new byte[0]),
                                                new RecordHeader("h", nothing()),
                                                new RecordHeader("h", new byte[] {0, -1})),
                                        0))));

        SpoolEntry entry = write(batch).get(0);

        assertThat(describe(read(entry))).isEqualTo(describe(batch));
        assertThat(entry.offsets()).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void findsEverythingAgainOldestFirst() {
        List<SpoolEntry> written = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            written.addAll(write(aBatch("s" + i, 2L * i), aBatch("t" + i, 2L * i + 1)));
        }

        List<SpoolEntry> found = restart();

        assertThat(found).isEqualTo(written);
        assertThat(describe(read(found.get(23)))).isEqualTo(describe(aBatch("t11", 23)));
        assertThat(disk().use().files()).isEqualTo(12);
    }

    @Test
    void namesFilesWrittenAfterARestartAfterThoseBefore() {
        SpoolEntry before = write(aBatch("s1", 1)).get(0);
        restart();

        SpoolEntry after = write(aBatch("s1", 2)).get(0);

        assertThat(after.file()).isGreaterThan(before.file());
        assertThat(restart()).containsExactly(before, after);
    }

    @Test
    void deletesAFileForGood() {
        List<SpoolEntry> first = write(aBatch("s1", 1), aBatch("s2", 2));
        List<SpoolEntry> second = write(aBatch("s3", 3));

        await(disk().delete(first.get(0).file()));

        assertThat(disk().use().files()).isEqualTo(1);
        assertThat(await(disk().read(first.get(0)))).isInstanceOf(ReadBack.Corrupt.class);
        assertThat(restart()).isEqualTo(second);
    }

    @Test
    void deletingTwiceDoesNoHarm() {
        SpoolEntry entry = write(aBatch("s1", 1)).get(0);

        await(disk().delete(entry.file()));
        await(disk().delete(entry.file()));

        assertThat(disk().use().files()).isZero();
        assertThat(disk().use().bytes()).isZero();
    }

    @Test
    void damageToOneBatchLeavesItsNeighboursReadable() {
        List<SpoolEntry> entries = write(aBatch("s1", 1), aBatch("s2", 2), aBatch("s3", 3));

        damage(entries.get(1));

        assertThat(await(disk().read(entries.get(1)))).isInstanceOf(ReadBack.Corrupt.class);
        assertThat(describe(read(entries.get(0)))).isEqualTo(describe(aBatch("s1", 1)));
        assertThat(describe(read(entries.get(2)))).isEqualTo(describe(aBatch("s3", 3)));
        assertThat(restart()).containsExactly(entries.get(0), entries.get(2));
    }

    @Test
    void saysThatALostFileIsGone() {
        SpoolEntry entry = write(aBatch("s1", 1)).get(0);

        lose(entry.file());

        assertThat(await(disk().read(entry)))
                .isInstanceOfSatisfying(
                        ReadBack.Corrupt.class,
                        corrupt -> assertThat(corrupt.why()).contains("gone", entry.file()));
        await(disk().delete(entry.file()));
        assertThat(disk().use().files()).isZero();
    }

    @Test
    void refusesWhatExceedsTheBudgetWholly() {
        List<SpoolEntry> kept = write(aBatch("s1", 1));
        leaveRoomFor(1_500);

        Written refused = await(disk().write(List.of(aBatchOf(100, "s2", 2), aBatchOf(2_000, "s3", 3))));

        assertThat(refused).isInstanceOfSatisfying(Written.Refused.class, why -> {
            assertThat(why.why()).contains("budget");
            assertThat(why.operatorMustAct()).isFalse();
        });
        List<SpoolEntry> small = write(aBatchOf(10, "s4", 4));
        assertThat(restart()).containsExactly(kept.get(0), small.get(0));
    }

    @Test
    void givesRoomBackWhenAFileGoes() {
        SpoolEntry entry = write(aBatchOf(2_000, "s1", 1)).get(0);
        leaveRoomFor(100);
        assertThat(await(disk().write(List.of(aBatchOf(500, "s2", 2))))).isInstanceOf(Written.Refused.class);

        await(disk().delete(entry.file()));

        assertThat(write(aBatchOf(500, "s2", 2))).hasSize(1);
    }

    @Test
    void countsTheBytesInUse() {
        List<SpoolEntry> entries = write(aBatchOf(1_000, "s1", 1, 2), aBatchOf(500, "s2", 3));

        long payload = entries.stream().mapToLong(SpoolEntry::bytes).sum();

        assertThat(disk().use().bytes()).isGreaterThan(payload).isLessThan(payload + 1_500);
        assertThat(payload).isGreaterThan(2_500);
        assertThat(entries.get(1).position())
                .isEqualTo(entries.get(0).position() + entries.get(0).bytes());
    }

    @Test
    void manyCallsAtOnceAreAllAnswered() {
        List<CompletableFuture<Written>> answers = LongStream.range(0, 50)
                .mapToObj(i -> disk().write(List.of(aBatch("s" + i, i))))
                .toList();

        List<SpoolEntry> entries = answers.stream()
                .map(answer -> ((Written.Durably) await(answer)).entries().get(0))
                .toList();

        assertThat(entries)
                .extracting(entry -> entry.offsets().get(0))
                .containsExactlyElementsOf(LongStream.range(0, 50).boxed().toList());
        assertThat(entries).extracting(SpoolEntry::file).isSorted().doesNotHaveDuplicates();
    }

    /** Writes batches into one file. */
    protected final List<SpoolEntry> write(SpooledBatch... batches) {
        Written written = await(disk().write(List.of(batches)));
        assertThat(written).isInstanceOf(Written.Durably.class);
        return ((Written.Durably) written).entries();
    }

    /** Reads a batch that must be intact. */
    protected final SpooledBatch read(SpoolEntry entry) {
        ReadBack read = await(disk().read(entry));
        assertThat(read).isInstanceOf(ReadBack.Intact.class);
        return ((ReadBack.Intact) read).batch();
    }

    /** Waits for an answer, which comes without failure. */
    protected static <T> T await(CompletableFuture<T> answer) {
        return answer.orTimeout(30, TimeUnit.SECONDS).join();
    }

    @SuppressWarnings("NullAway") // Kafka's headers may have no value, whatever its annotations say
    private static byte[] nothing() {
        return null;
    }
}
