package io.stepvault.worker.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.wire.ChunkHeader;
import io.stepvault.worker.assemble.AssemblerBench.Log;
import io.stepvault.worker.flow.SourceRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

class ChunkAssemblerTest {
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private static final long TIME =
            AssemblerBench.START.minus(Duration.ofHours(3)).toEpochMilli();

    private final AssemblerBench bench = new AssemblerBench(200_000, 200_000);
    private final Log log = bench.partition();
    private int ids;

    @Test
    void putsInterleavedSetsTogether() {
        List<SourceRecord> one = set(900, 300);
        List<SourceRecord> other = set(700, 200);
        bench.add(log, List.of(one.get(0), other.get(0), plain(), one.get(2), other.get(1), other.get(3)));
        bench.add(log, List.of(one.get(1), other.get(2)));

        bench.readAll().commitAll();

        assertThat(bench.wholes).extracting(SourceRecord::size).containsExactly(1, 900, 700);
        assertThat(bench.wholes).allSatisfy(whole -> assertThat(whole.headers()).containsExactly(ChunkRecords.OWN));
        bench.assertNothingIsLeft();
    }

    @Test
    void setIsGivenUpWhenItsPartitionIsAtItsEndForTooLong() {
        List<SourceRecord> chunks = set(900, 300);
        bench.add(log, chunks.subList(0, 2));
        bench.readAll();

        bench.atEnd(log, TEN_MINUTES);
        bench.tick(Duration.ofSeconds(1));
        assertThat(bench.assembler.openSets()).as("not too long yet").isEqualTo(1);
        bench.atEnd(log, TICK);
        bench.tick(Duration.ofSeconds(1));
        bench.commitAll();

        assertThat(bench.reasons()).isEqualTo(Map.of("incomplete-chunks", 2L));
        assertThat(bench.onlyDetail()).contains("2 of 3 chunks came, and then none for too long");
        bench.assertNothingIsLeft();
        bench.add(log, chunks.subList(2, 3));
        bench.readAll().commitAll();
        assertThat(bench.reasons()).isEqualTo(Map.of("incomplete-chunks", 3L));
        bench.assertNothingIsLeft();
    }

    @Test
    void pauseOrBacklogTimesNothingOut() {
        List<SourceRecord> chunks = set(900, 300);
        bench.add(log, chunks);
        bench.read(log);

        bench.tick(Duration.ofDays(3));
        bench.atEnd(bench.partition(), Duration.ofDays(3));
        bench.tick(Duration.ofDays(3));
        bench.readAll().commitAll();

        assertThat(bench.wholes).hasSize(1);
        bench.assertNothingIsLeft();
    }

    @Test
    void setIsGivenUpWhenTheRecordsHavePassedItForTooLong() {
        bench.add(log, set(900, 300).subList(0, 2));
        bench.add(log, plain(PartitionTime.RECORDS + 1, TIME + TEN_MINUTES.toMillis()));
        bench.readAll();
        bench.tick(Duration.ofSeconds(1));
        assertThat(bench.assembler.openSets()).as("not too long yet").isEqualTo(1);

        bench.add(log, plain(PartitionTime.RECORDS, TIME + TEN_MINUTES.toMillis() + 1));
        bench.readAll();
        bench.add(log, plain(PartitionTime.RECORDS, TIME + TEN_MINUTES.toMillis() + 1));
        bench.readAll();
        bench.tick(Duration.ofSeconds(1));
        bench.commitAll();

        assertThat(bench.reasons()).isEqualTo(Map.of("incomplete-chunks", 2L));
        bench.assertNothingIsLeft();
    }

    @Test
    void producerWhoseClockIsWrongTimesOutNoOther() {
        List<SourceRecord> chunks = set(900, 300);
        bench.add(log, chunks.subList(0, 2));
        for (int record = 0; record < 3 * PartitionTime.RECORDS; record++) {
            boolean wrong = record % 3 != 0;
            bench.add(log, plain(1, wrong ? TIME + Duration.ofHours(2).toMillis() : TIME));
            bench.add(log, plain(1, wrong ? Long.MAX_VALUE : TIME));
        }
        bench.readAll();
        bench.tick(Duration.ofSeconds(1));

        bench.add(log, chunks.subList(2, 3));
        bench.readAll().commitAll();

        assertThat(bench.wholes).anySatisfy(whole -> assertThat(whole.size()).isEqualTo(900));
        bench.assertNothingIsLeft();
    }

    @Test
    void timeOfRecordsCountsOnlyUpToThePresent() {
        long future = AssemblerBench.START.plus(Duration.ofDays(365)).toEpochMilli();
        List<SourceRecord> chunks = at(AssemblerBench.START.toEpochMilli(), set(900, 300));
        bench.add(log, chunks.subList(0, 2));
        bench.add(log, plain(2 * PartitionTime.RECORDS, future));
        bench.readAll();
        bench.tick(Duration.ofMinutes(9));

        bench.add(log, chunks.subList(2, 3));
        bench.readAll().commitAll();

        assertThat(bench.wholes).anySatisfy(whole -> assertThat(whole.size()).isEqualTo(900));
    }

    @Test
    void youngestMakesRoomAndIsReadAgainWhenThereIs() {
        AssemblerBench tight = new AssemblerBench(2 * ChunkSet.FILE_BYTES + 3_000, 200_000);
        Log own = tight.partition();
        List<SourceRecord> oldest = set(1_500, 500);
        List<SourceRecord> youngest = set(2_500, 500);
        tight.add(own, oldest.subList(0, 2));
        tight.add(own, youngest);
        tight.readAll();
        tight.tick(TICK);
        assertThat(own.isAtEnd()).as("nothing to go back for yet").isTrue();
        assertThat(tight.assembler.openSets()).isEqualTo(2);
        assertThat(tight.assembler.parked(own.assignment)).isEqualTo(7);

        tight.add(own, oldest.subList(2, 3));
        tight.readAll().commitAll();
        tight.tick(TICK);
        tight.readAll().commitAll();

        assertThat(tight.wholes).extracting(SourceRecord::size).containsExactly(1_500, 2_500);
        tight.assertNothingIsLeft();
    }

    @Test
    void setThatIsReadAgainIsAsOldAsItWas() {
        AssemblerBench tight = new AssemblerBench(3 * ChunkSet.FILE_BYTES + 3_000, 200_000);
        Log own = tight.partition();
        List<SourceRecord> first = set(1_500, 500);
        List<SourceRecord> second = set(2_500, 500);
        tight.add(own, first.subList(0, 2));
        tight.add(own, second.subList(0, 4)); // dropped
        tight.add(own, first.subList(2, 3));
        tight.readAll();
        // An endless flow of sets that are never complete, each younger than the second.
        for (int flow = 0; flow < 20; flow++) {
            tight.add(own, set(2_000, 900).subList(0, 2));
        }
        tight.readAll();
        for (int round = 0; round < 10; round++) {
            tight.tick(TICK);
            tight.readAll();
        }
        tight.add(own, second.subList(4, 5));
        tight.readAll().commitAll();

        assertThat(tight.wholes).extracting(SourceRecord::size).containsExactly(1_500, 2_500);
    }

    @Test
    void setThatIsReadAgainIsNotLateForTheTimeThatPassedMeanwhile() {
        AssemblerBench tight = new AssemblerBench(2 * ChunkSet.FILE_BYTES + 3_000, 2_000_000);
        Log own = tight.partition();
        List<SourceRecord> oldest = at(TIME + TEN_MINUTES.toMillis() * 9, set(1_500, 500));
        List<SourceRecord> youngest = set(2_500, 500);
        tight.add(own, oldest.subList(0, 2));
        tight.add(own, youngest);
        tight.add(own, plain(2 * PartitionTime.RECORDS, TIME + TEN_MINUTES.toMillis() * 9));
        tight.add(own, oldest.subList(2, 3));
        tight.readAll().commitAll();
        tight.tick(TICK);
        for (int reads = 0; reads < 5; reads++) { // slowly
            tight.read(own);
            tight.tick(Duration.ofSeconds(2));
        }
        tight.readAll().commitAll();

        assertThat(tight.wholes).extracting(SourceRecord::size).contains(1_500, 2_500);
        tight.assertNothingIsLeft();
    }

    @Test
    void oneGoingBackServesAllThatFit() {
        AssemblerBench tight = new AssemblerBench(20 * ChunkSet.FILE_BYTES, 200_000);
        Log own = tight.partition();
        tight.store.fail(true);
        for (int set = 0; set < 10; set++) {
            tight.add(own, set(900, 300));
        }
        tight.readAll();
        tight.store.fail(false);
        tight.tick(TICK);
        tight.tick(Duration.ofSeconds(2));
        tight.readAll().commitAll();

        assertThat(tight.wholes).hasSize(10);
        assertThat(own.reads).isEqualTo(60);
        tight.assertNothingIsLeft();
    }

    @Test
    void diskThatFailsIsNotTriedAgainAtOnce() {
        bench.add(log, set(900, 300));
        bench.store.fail(true);
        for (int ticks = 0; ticks < 100; ticks++) {
            bench.readAll();
            bench.tick(TICK);
        }
        assertThat(log.reads).as("in ten seconds").isLessThan(40);

        bench.store.fail(false);
        bench.quiesce();

        assertThat(bench.wholes).hasSize(1);
        assertThat(bench.deadLetters).isEmpty();
        bench.assertNothingIsLeft();
    }

    @Test
    void givenUpChunkThatTheDiskLostIsReadAgainAndDeadLetteredThen() {
        bench.add(log, set(900, 300).subList(0, 2));
        bench.readAll();
        bench.store.fail(true);
        bench.atEnd(log, TEN_MINUTES.plus(TICK));
        bench.tick(Duration.ofSeconds(2));

        bench.quiesce();

        assertThat(bench.reasons()).isEqualTo(Map.of("incomplete-chunks", 2L));
        bench.assertNothingIsLeft();
    }

    @Test
    void setThatHoldsMoreThanAnnouncedWhileTheDiskFailsIsSettledToo() {
        List<SourceRecord> chunks = new ArrayList<>(set(900, 300));
        chunks.set(1, with(chunks.get(1), new byte[700]));
        bench.add(log, chunks);
        bench.read(log);
        bench.store.fail(true);
        bench.readAll();

        bench.quiesce();

        assertThat(bench.reasons()).isEqualTo(Map.of("corrupt-chunks", 2L, "incomplete-chunks", 1L));
        bench.assertNothingIsLeft();
    }

    @Test
    void deadLettersAreMadeOnlyAsMemoryHasRoom() {
        AssemblerBench small = new AssemblerBench(200_000, 20_000);
        Log own = small.partition();
        small.add(own, set(50_000, 5_000).subList(0, 9));
        small.readAll();
        small.atEnd(own, TEN_MINUTES.plus(TICK));

        small.tick(Duration.ofSeconds(1));

        assertThat(small.memory.used())
                .isLessThanOrEqualTo(small.memory.limit())
                .isPositive();
        assertThat(small.waiting()).isBetween(1, 3);
        while (small.waiting() > 0) {
            small.commitNext();
            small.tick(TICK);
            assertThat(small.memory.used()).isLessThanOrEqualTo(small.memory.limit());
        }
        assertThat(small.deadLetters).hasSize(9);
        small.assertNothingIsLeft();
    }

    @Test
    void whoHoldsUpTheRestGivesWayChunkByChunkThoughMemoryIsFull() {
        AssemblerBench small = new AssemblerBench(200_000, 20_000);
        Log own = small.partition();
        List<SourceRecord> chunks = new ArrayList<>(set(5_000, 500).subList(0, 9));
        Collections.reverse(chunks.subList(1, 9));
        small.add(own, chunks);
        small.readAll();
        small.memory.take(30_000);

        for (int chunk = 1; chunk <= 9; chunk++) {
            small.giveUpHolding(own);
            small.giveUpHolding(own); // its lowest waits to be committed
            assertThat(small.waiting()).isEqualTo(1);
            small.commitNext();
            assertThat(small.deadLetters).hasSize(chunk);
            assertThat(small.deadLetters.get(chunk - 1).offset()).isEqualTo(chunk - 1);
        }

        small.memory.release(30_000);
        small.assertNothingIsLeft();
    }

    @Test
    void droppedSetThatHoldsUpTheRestIsReadAgainFirst() {
        AssemblerBench tight = new AssemblerBench(2 * ChunkSet.FILE_BYTES + 3_000, 200_000);
        Log elsewhere = tight.partition();
        tight.add(elsewhere, set(1_500, 500).subList(0, 2));
        tight.readAll();
        Log own = tight.partition();
        tight.add(own, set(2_500, 500));
        tight.readAll();
        tight.tick(TICK);

        tight.giveUpHolding(own);
        assertThat(own.position).isZero();
        for (int read = 0; read < 4; read++) {
            tight.read(own);
            tight.giveUpHolding(own);
        }
        tight.quiesce();

        tight.assertNothingIsLeft();
    }

    @Test
    void whatTheAssignmentHadIsForgottenWithIt() {
        Log other = bench.partition();
        bench.add(log, set(900, 300).subList(0, 2));
        bench.add(other, set(900, 300).subList(0, 2));
        bench.add(log, set(900, 300).subList(1, 2));
        bench.readAll();
        bench.commitAll();

        bench.rebalance(log);

        assertThat(bench.assembler.openSets()).isEqualTo(1);
        assertThat(bench.assembler.parked(log.assignment)).isZero();
        assertThat(bench.store.size()).isEqualTo(1);
        bench.rebalance(other);
        assertThat(bench.assembler.bytes()).isZero();
        bench.quiesce();
        assertThat(bench.deadLetters).hasSize(5);
        bench.assertNothingIsLeft();
    }

    @Test
    void setOfFiftyGigabytesIsNeverOpened() {
        ChunkHeader header = new ChunkHeader(new UUID(1, 2), 0, 60_000, 50L << 30, 0);
        bench.add(log, List.of(ChunkRecords.chunk(header, new byte[500], TIME)));
        bench.readAll();
        assertThat(bench.assembler.openSets()).isZero();

        bench.commitAll();

        assertThat(bench.reasons()).isEqualTo(Map.of("too-large", 1L));
        assertThat(bench.onlyDetail())
                .contains("the chunk's set announces 53687091200 bytes; at most 100000 are allowed");
        bench.assertNothingIsLeft();
    }

    @Test
    void setOfMillionsOfChunksIsNeverOpened() {
        ChunkHeader header = new ChunkHeader(new UUID(1, 2), 0, 100_000, 100_000, 0);
        bench.add(log, List.of(ChunkRecords.chunk(header, new byte[1], TIME)));
        bench.readAll().commitAll();

        assertThat(bench.reasons()).isEqualTo(Map.of("too-large", 1L));
        bench.assertNothingIsLeft();
    }

    @Test
    void headersThatTakeUpMoreThanTheSetMayDoNotFillTheDisk() {
        AssemblerBench tight = new AssemblerBench(100_000, 2_000_000);
        Log own = tight.partition();
        List<SourceRecord> chunks = set(1_000, 1);
        SourceRecord fat = new SourceRecord(
                new byte[700_000], chunks.get(0).value(), chunks.get(0).headers(), TIME);
        tight.add(own, List.of(fat));
        for (int chunk = 1; chunk < 900; chunk++) {
            SourceRecord thin = chunks.get(chunk);
            List<Header> headers = new ArrayList<>(thin.headers());
            headers.add(new RecordHeader("h".repeat(2_000), new byte[1]));
            tight.add(own, List.of(new SourceRecord(thin.key(), thin.value(), headers, TIME)));
        }
        for (int read = 0; read < 900; read++) {
            tight.read(own);
            assertThat(tight.assembler.bytes()).isLessThan(3_000_000);
        }
        tight.quiesce();

        tight.assertNothingIsLeft();
    }

    @Test
    void veryManySetsThatAreNeverCompletedAreBounded() {
        AssemblerBench large = new AssemblerBench(2L << 30, 1 << 20);
        Log own = large.partition();
        List<SourceRecord> honest = set(900, 300);
        for (int set = 0; set < 3 * ChunkRules.MAX_CHUNKS / 10; set++) {
            ChunkHeader header = new ChunkHeader(new UUID(9, set), 0, 10, 10, 0);
            large.add(own, List.of(ChunkRecords.chunk(header, new byte[1], TIME)));
        }
        large.add(own, honest.subList(0, 1));
        int most = 0;
        while (!own.isAtEnd()) {
            large.read(own);
            most = Math.max(most, large.assembler.openSets());
            if (own.position % 500 == 0) {
                large.tick(TICK);
                large.commitAll();
            }
        }
        large.add(own, honest.subList(1, 3));
        large.readAll().commitAll();

        assertThat(most).isEqualTo(ChunkRules.MAX_CHUNKS / 10);
        assertThat(large.wholes).as("the honest set among them").hasSize(1);
        large.quiesce();
        large.assertNothingIsLeft();
    }

    @Test
    void chunkThatComesAgainAndAgainIsNotKeptTrackOf() {
        List<SourceRecord> chunks = set(900, 300);
        bench.add(log, Collections.nCopies(1_000, chunks.get(0)));
        bench.readAll();
        while (!log.isAtEnd()) {
            bench.commitAll();
            bench.readAll();
        }
        assertThat(bench.assembler.parked(log.assignment)).isEqualTo(20);
        bench.add(log, chunks.subList(1, 3));
        bench.quiesce();

        assertThat(bench.wholes).hasSize(1);
        assertThat(bench.reasons()).isEqualTo(Map.of("invalid-chunk", 980L));
        bench.assertNothingIsLeft();
    }

    @Test
    void repeatThatHoldsSomethingElseIsADeadLetterOfItsOwn() {
        List<SourceRecord> chunks = set(900, 300);
        bench.add(log, List.of(chunks.get(0), with(chunks.get(0), new byte[300]), chunks.get(1), chunks.get(2)));

        bench.readAll().commitAll();

        assertThat(bench.wholes).hasSize(1);
        assertThat(bench.onlyDetail()).contains("chunk 0 of its set came before, and held something else");
        bench.assertNothingIsLeft();
    }

    @Test
    void firstChunkThatIsNoLongerOnTheTopicTakesNoRoom() {
        bench.add(log, set(900, 300).subList(0, 2));
        bench.store.fail(true);
        bench.readAll();
        bench.store.fail(false);
        bench.tick(TICK);
        bench.tick(Duration.ofSeconds(2));
        assertThat(log.position).as("went back").isZero();

        log.position = 2; // retention has passed it
        log.assignment.removedBelow(2);
        bench.add(log, set(900, 300));
        bench.readAll().commitAll();
        bench.tick(Duration.ofSeconds(2));

        assertThat(bench.wholes).hasSize(1);
        assertThat(bench.assembler.openSets()).isZero();
        assertThat(bench.assembler.bytes()).isZero();
    }

    private List<SourceRecord> set(int bytes, int chunkBytes) {
        byte[] whole = new byte[bytes];
        Arrays.fill(whole, (byte) ++ids);
        return ChunkRecords.chunks(new UUID(0, ids), whole, chunkBytes, TIME);
    }

    private static List<SourceRecord> at(long timestamp, List<SourceRecord> records) {
        return records.stream()
                .map(record -> new SourceRecord(record.key(), record.value(), record.headers(), timestamp))
                .toList();
    }

    private static SourceRecord plain() {
        return new SourceRecord(ChunkRecords.key(), new byte[1], List.of(ChunkRecords.OWN), TIME);
    }

    private static List<SourceRecord> plain(int count, long timestamp) {
        return at(timestamp, Collections.nCopies(count, plain()));
    }

    private static SourceRecord with(SourceRecord chunk, byte[] value) {
        return new SourceRecord(chunk.key(), value, chunk.headers(), chunk.timestamp());
    }
}
