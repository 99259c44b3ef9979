package io.stepvault.worker.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.wire.ChunkHeader;
import io.stepvault.wire.Chunking;
import io.stepvault.worker.assemble.AssemblerBench.Log;
import io.stepvault.worker.flow.SourceRecord;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.header.Header;

/** Sets and plain records of every kind, interleaved at random, read under every kind of trouble. */
class ChunkAssemblerPropertyTest {
    private static final Duration LITTLE = Duration.ofMillis(200);

    @Property(tries = 500)
    void everyRecordIsSettledOnceAndEverySetThatCanBeWholeIs(@ForAll Random random) {
        AssemblerBench bench = new AssemblerBench(5_000 + random.nextInt(40_000), 3_000 + random.nextInt(20_000));
        List<byte[]> captures = new ArrayList<>();
        for (int partitions = 1 + random.nextInt(2); partitions > 0; partitions--) {
            bench.partition().records.addAll(traffic(random, captures));
        }

        play(random, bench, false);
        bench.quiesce();

        bench.assertNothingIsLeft();
        for (byte[] capture : captures) {
            assertThat(bench.wholes)
                    .as("whole captures, one of which holds " + capture.length + " bytes")
                    .anySatisfy(whole -> assertThat(whole.value()).isEqualTo(capture));
        }
        assertThat(bench.wholes)
                .allSatisfy(whole -> assertThat(captures)
                        .anySatisfy(capture -> assertThat(capture).isEqualTo(whole.value())));
        assertThat(bench.wholes).allSatisfy(whole -> assertThat(whole.headers()).containsExactly(ChunkRecords.OWN));
    }

    @Property(tries = 500)
    void everyRecordIsSettledOnceHoweverImpatientTheReader(@ForAll Random random) {
        AssemblerBench bench = new AssemblerBench(5_000 + random.nextInt(40_000), 3_000 + random.nextInt(20_000));
        for (int partitions = 1 + random.nextInt(2); partitions > 0; partitions--) {
            bench.partition().records.addAll(traffic(random, new ArrayList<>()));
        }

        play(random, bench, true);
        bench.quiesce();

        bench.assertNothingIsLeft();
    }

    private static void play(Random random, AssemblerBench bench, boolean impatient) {
        for (int event = 0; event < 200; event++) {
            Log log = bench.logs().get(random.nextInt(bench.logs().size()));
            switch (random.nextInt(impatient ? 13 : 10)) {
                case 0, 1, 2, 3, 4 -> bench.read(log);
                case 5, 6 -> bench.tick(Duration.ofMillis(random.nextInt(2_000)));
                case 7 -> bench.commitNext();
                case 8 -> bench.store.fail(random.nextInt(3) == 0);
                case 9 -> bench.atEnd(log, LITTLE);
                case 10 -> bench.atEnd(log, Duration.ofMinutes(random.nextInt(8)));
                case 11 -> bench.giveUpHolding(log);
                default -> {
                    if (random.nextInt(4) == 0) {
                        bench.commitAll();
                        bench.rebalance(log);
                    }
                }
            }
            assertThat(bench.assembler.bytes()).isNotNegative();
        }
    }

    /** Interleaves sets, and plain records, which hold one byte; adds the captures that can be whole. */
    private static List<SourceRecord> traffic(Random random, List<byte[]> captures) {
        List<List<SourceRecord>> streams = new ArrayList<>();
        for (int sets = 1 + random.nextInt(6); sets > 0; sets--) {
            streams.add(new ArrayList<>(set(random, captures)));
        }
        List<SourceRecord> plain = new ArrayList<>();
        for (int records = random.nextInt(4); records > 0; records--) {
            byte[] value = {(byte) random.nextInt()};
            captures.add(value);
            plain.add(new SourceRecord(ChunkRecords.key(), value, List.of(ChunkRecords.OWN), 1));
        }
        streams.add(plain);
        List<SourceRecord> log = new ArrayList<>();
        while (streams.removeIf(List::isEmpty) || !streams.isEmpty()) {
            if (!streams.isEmpty()) {
                log.add(streams.get(random.nextInt(streams.size())).remove(0));
            }
        }
        return log;
    }

    private static List<SourceRecord> set(Random random, List<byte[]> captures) {
        byte[] whole = new byte[2 + random.nextInt(3_000)];
        random.nextBytes(whole);
        UUID id = new UUID(random.nextLong(), random.nextLong());
        List<SourceRecord> chunks =
                new ArrayList<>(ChunkRecords.chunks(id, whole, 1 + random.nextInt(whole.length), 1));
        while (chunks.size() > 12) {
            chunks = new ArrayList<>(ChunkRecords.chunks(id, whole, 1 + random.nextInt(whole.length), 1));
        }
        ChunkHeader said = new ChunkHeader(id, 0, chunks.size(), whole.length, crc(chunks));
        int any = random.nextInt(chunks.size());
        boolean canBeWhole = true;
        switch (random.nextInt(18)) {
            case 0 -> canBeWhole = chunks.remove(any) == null;
            case 1 -> chunks.add(any + random.nextInt(chunks.size() - any + 1), chunks.get(any));
            case 2 -> Collections.shuffle(chunks.subList(1, chunks.size()), random);
            case 3 -> {
                Collections.shuffle(chunks, random);
                canBeWhole = index(chunks.get(0), said) == 0;
            }
            case 4 -> {
                byte[] corrupt = valueOf(chunks.get(any)).clone();
                corrupt[random.nextInt(corrupt.length)] ^= 1;
                chunks.set(any, with(chunks.get(any), corrupt));
                canBeWhole = false;
            }
            case 5 -> {
                int more = random.nextBoolean() ? 1 : -1;
                byte[] value = valueOf(chunks.get(any));
                chunks.set(any, with(chunks.get(any), Arrays.copyOf(value, value.length + more)));
                canBeWhole = false;
            }
            case 6 -> {
                chunks.set(any, saying(chunks.get(any), any, said, said.count(), said.totalBytes(), said.crc32c() ^ 1));
                canBeWhole = false;
            }
            case 7 -> {
                ChunkHeader lie = said;
                chunks.replaceAll(chunk ->
                        saying(chunk, index(chunk, lie), lie, lie.count(), lie.totalBytes(), lie.crc32c() ^ 1));
                canBeWhole = false;
            }
            case 8 -> {
                ChunkHeader lie = said;
                long more = random.nextBoolean() ? 1 : 50L << 30;
                chunks.replaceAll(chunk ->
                        saying(chunk, index(chunk, lie), lie, lie.count(), lie.totalBytes() + more, lie.crc32c()));
                canBeWhole = false;
            }
            case 9 -> {
                chunks.set(any, saying(chunks.get(any), any, said, said.count(), said.totalBytes() + 1, said.crc32c()));
                canBeWhole = false;
            }
            case 10 -> {
                List<Header> headers = new ArrayList<>(chunks.get(any).headers());
                headers.remove(1 + random.nextInt(headers.size() - 1));
                chunks.set(
                        any,
                        new SourceRecord(ChunkRecords.key(), chunks.get(any).value(), headers, 1));
                canBeWhole = false;
            }
            case 11 -> {
                chunks.set(any, with(chunks.get(any), new byte[0]));
                canBeWhole = false;
            }
            case 12 -> {
                chunks.set(
                        any,
                        new SourceRecord(
                                ChunkRecords.key(), null, chunks.get(any).headers(), 1));
                canBeWhole = false;
            }
            case 13 -> chunks.add(any + 1, with(chunks.get(any), new byte[] {1, 2, 3}));
            case 14 -> chunks.addAll(List.copyOf(chunks)); // sent twice from the beginning
            case 15 -> chunks.addAll(any, List.copyOf(chunks.subList(0, any)));
            default -> {}
        }
        if (canBeWhole) {
            captures.add(whole);
        }
        return chunks;
    }

    private static long crc(List<SourceRecord> chunks) {
        return new Chunking(new UUID(0, 0), join(chunks), 1).header(0).crc32c();
    }

    private static byte[] join(List<SourceRecord> chunks) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        chunks.forEach(chunk -> whole.writeBytes(valueOf(chunk)));
        return whole.toByteArray();
    }

    private static byte[] valueOf(SourceRecord record) {
        byte[] value = record.value();
        return value == null ? new byte[0] : value;
    }

    private static int index(SourceRecord chunk, ChunkHeader said) {
        for (int index = 0; index < said.count(); index++) {
            ChunkHeader header = new ChunkHeader(said.id(), index, said.count(), said.totalBytes(), said.crc32c());
            if (chunk.headers().equals(ChunkRecords.headers(header))) {
                return index;
            }
        }
        throw new AssertionError("no chunk of the set");
    }

    private static SourceRecord with(SourceRecord chunk, byte[] value) {
        return new SourceRecord(chunk.key(), value, chunk.headers(), chunk.timestamp());
    }

    private static SourceRecord saying(
            SourceRecord chunk, int index, ChunkHeader said, int count, long totalBytes, long crc32c) {
        return new SourceRecord(
                chunk.key(),
                chunk.value(),
                ChunkRecords.headers(new ChunkHeader(said.id(), index, count, totalBytes, crc32c)),
                chunk.timestamp());
    }
}
