package io.stepvault.worker.assemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.stepvault.worker.assemble.ChunkStore.Piece;
import io.stepvault.worker.flow.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store of open chunk sets does. */
public abstract class ChunkStoreContract {
    /** The store under test, empty at first. */
    protected abstract ChunkStore store();

    /** The disk fails, and what was on it is gone. */
    protected abstract void breakDisk();

    /** The disk can be used again. */
    protected abstract void mendDisk();

    /** The number of sets that take up anything. */
    protected abstract int setsKept();

    @Test
    void givesBackEachChunkAsItWas() {
        SourceRecord one = record("key", "value", List.of(new RecordHeader("a", bytes("b"))));
        SourceRecord other = record("", "", List.of());

        Piece first = append(1, one);
        Piece second = append(1, other);

        assertSame(store().read(1, second).orElseThrow(), other);
        assertSame(store().read(1, first).orElseThrow(), one);
        assertThat(first.valueBytes()).isEqualTo(5);
        assertThat(first.bytes()).isGreaterThan(5);
    }

    @Test
    void tellsNullFromEmptyEverywhere() {
        List<Header> headers = List.of(
                new RecordHeader("n", null), new RecordHeader("e", new byte[0]), new RecordHeader("", bytes("x")));
        SourceRecord nothing = new SourceRecord(null, null, headers, -1);
        SourceRecord empty = new SourceRecord(new byte[0], new byte[0], List.of(), 0);

        Piece ofNothing = append(1, nothing);
        Piece ofEmpty = append(1, empty);

        assertSame(store().read(1, ofNothing).orElseThrow(), nothing);
        assertSame(store().read(1, ofEmpty).orElseThrow(), empty);
        assertThat(store().readValues(1, List.of(ofNothing, ofEmpty)).orElseThrow())
                .isEmpty();
    }

    @Test
    void givesValuesBackAsOneInTheOrderAskedFor() {
        Piece one = append(1, record("k", "one", List.of()));
        Piece elsewhere = append(2, record("k", "elsewhere", List.of()));
        Piece two = append(1, record("k", "two", List.of()));

        assertThat(store().readValues(1, List.of(two, one)).orElseThrow()).isEqualTo(bytes("twoone"));
        assertThat(store().readValues(2, List.of(elsewhere)).orElseThrow()).isEqualTo(bytes("elsewhere"));
    }

    @Test
    void headersMayBeOfAnyNameLengthAndNumber() {
        String longName = "n".repeat(100_000);
        List<Header> headers = new ArrayList<>(List.of(
                new RecordHeader(longName, bytes("long")),
                new RecordHeader("../\u0000/é😀", new byte[300_000]),
                new RecordHeader("same", bytes("1")),
                new RecordHeader("same", bytes("2"))));
        headers.addAll(Collections.nCopies(50_000, new RecordHeader("", null)));
        SourceRecord hostile = record("k".repeat(100_000), "v", headers);

        Piece piece = append(1, hostile);

        assertSame(store().read(1, piece).orElseThrow(), hostile);
        assertThat(store().readValues(1, List.of(piece)).orElseThrow()).isEqualTo(bytes("v"));
    }

    @Test
    void keepsManySetsOfManyChunks() {
        List<List<Piece>> sets = new ArrayList<>();
        for (int set = 0; set < 3000; set++) { // more than a process may usually open files
            sets.add(new ArrayList<>(List.of(append(set, record("k", set + "-first", List.of())))));
        }
        IntStream.range(0, 500).forEach(chunk -> sets.get(7).add(append(7, record("k", "c" + chunk, List.of()))));

        for (int set = 0; set < 3000; set++) {
            assertThat(store().read(set, sets.get(set).get(0)).orElseThrow().value())
                    .isEqualTo(bytes(set + "-first"));
        }
        assertThat(store().readValues(7, sets.get(7)).orElseThrow()).hasSize(7 + 10 * 2 + 90 * 3 + 400 * 4);
    }

    @Test
    void setThatWasDroppedIsGoneAndLeavesTheOthers() {
        Piece dropped = append(1, record("k", "dropped", List.of()));
        Piece kept = append(2, record("k", "kept", List.of()));

        store().drop(1);

        assertThat(setsKept()).isEqualTo(1);
        assertThat(store().read(1, dropped)).isEmpty();
        assertThat(store().readValues(1, List.of(dropped))).isEmpty();
        assertThat(store().read(2, kept)).isPresent();
        assertThatNoException().isThrownBy(() -> {
            store().drop(1);
            store().drop(3);
        });
    }

    @Test
    void diskThatFailsThrowsNothingAndMayWorkAgain() {
        Piece before = append(1, record("k", "v", List.of()));

        breakDisk();

        assertThat(store().append(1, record("k", "v", List.of()))).isEmpty();
        assertThat(store().append(2, record("k", "v", List.of()))).isEmpty();
        assertThat(store().read(1, before)).isEmpty();
        assertThat(store().readValues(1, List.of(before))).isEmpty();
        store().drop(1);
        mendDisk();
        Piece after = append(3, record("k", "again", List.of()));
        assertThat(store().readValues(3, List.of(after)).orElseThrow()).isEqualTo(bytes("again"));
        store().drop(2);
        store().drop(3);
        assertThat(setsKept()).isZero();
    }

    private Piece append(long set, SourceRecord record) {
        return store().append(set, record).orElseThrow();
    }

    private static SourceRecord record(@Nullable String key, String value, List<Header> headers) {
        return new SourceRecord(key == null ? null : bytes(key), bytes(value), headers, 1234);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void assertSame(SourceRecord actual, SourceRecord expected) {
        assertThat(actual.key()).isEqualTo(expected.key());
        assertThat(actual.value()).isEqualTo(expected.value());
        assertThat(actual.headers()).isEqualTo(expected.headers());
        assertThat(actual.timestamp()).isEqualTo(expected.timestamp());
    }
}
