package io.stepvault.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.wire.ChunkFormat.Parsed;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkFormatTest {
    private static final ChunkHeader HEADER = new ChunkHeader(new UUID(1, -2), 3, 12, 5_000_000, 0x00C0FFEEL);

    private final Map<String, byte[]> headers = new HashMap<>(ChunkFormat.CAPTURES.write(HEADER));

    @Provide
    static Arbitrary<byte[]> values() {
        return Arbitraries.oneOf(
                Arbitraries.bytes().array(byte[].class).ofMaxSize(24),
                Arbitraries.strings().withChars("019af-+ ").ofMaxLength(22).map(ChunkFormatTest::ascii));
    }

    @Property
    void everyHeaderIsReadBack(
            @ForAll long high,
            @ForAll long low,
            @ForAll @IntRange(min = 1) int count,
            @ForAll @IntRange int anyIndex,
            @ForAll @LongRange long moreBytes,
            @ForAll @LongRange(max = 0xFFFF_FFFFL) long crc) {
        long bytes = Math.max(count, moreBytes);
        ChunkHeader header = new ChunkHeader(new UUID(high, low), anyIndex % count, count, bytes, crc);

        Map<String, byte[]> written = ChunkFormat.CAPTURES.write(header);

        assertThat(ChunkFormat.CAPTURES.isChunk(written::get)).isTrue();
        assertThat(ChunkFormat.CAPTURES.parse(written::get)).isEqualTo(new Parsed.Chunk(header));
    }

    @Property
    void whateverIsReadIsWrittenTheSame(
            @ForAll("values") byte[] id,
            @ForAll("values") byte[] index,
            @ForAll("values") byte[] count,
            @ForAll("values") byte[] bytes,
            @ForAll("values") byte[] crc) {
        List<byte[]> values = List.of(id, index, count, bytes, crc);
        Map<String, byte[]> hostile = new HashMap<>();
        ChunkFormat.CAPTURES.names().forEach(name -> hostile.put(name, values.get(hostile.size())));

        Parsed parsed = ChunkFormat.CAPTURES.parse(hostile::get);

        if (parsed instanceof Parsed.Chunk chunk) {
            assertThat(ChunkFormat.CAPTURES.write(chunk.header())).containsAllEntriesOf(hostile);
        }
    }

    @Property
    void aNumberIsReadIfItIsWrittenInTheOneWay(@ForAll("values") byte[] bytes) {
        headers.put("stepvault-chunk-bytes", bytes);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);

        boolean chunk = ChunkFormat.CAPTURES.parse(headers::get) instanceof Parsed.Chunk;

        assertThat(chunk)
                .isEqualTo(text.matches("[1-9][0-9]{0,18}")
                        && new BigInteger(text).bitLength() < 64
                        && Long.parseLong(text) >= HEADER.count());
    }

    @Test
    void aRecordWithoutTheHeadersIsNoChunk() {
        assertThat(ChunkFormat.CAPTURES.isChunk(name -> null)).isFalse();
        assertThat(ChunkFormat.DEAD_LETTERS.isChunk(headers::get)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "index", "count", "bytes", "crc32c"})
    void aRecordThatLacksOneHeaderIsAnInvalidChunk(String missing) {
        headers.remove("stepvault-chunk-" + missing);

        assertThat(ChunkFormat.CAPTURES.isChunk(headers::get)).isTrue();
        assertThat(detail()).contains("stepvault-chunk-" + missing).contains("is missing");
    }

    @ParameterizedTest
    @CsvSource({
        "index, ''",
        "index, -1",
        "index, +3",
        "index, 03",
        "index, ' 3'",
        "index, 3.0",
        "index, 12",
        "index, 2147483648",
        "index, ٣",
        "count, 0",
        "count, 00",
        "count, 2147483648",
        "count, 4294967308",
        "bytes, -5000000",
        "bytes, 5e6",
        "bytes, 11",
        "bytes, 9223372036854775808",
        "bytes, 18446744073709551616",
        "crc32c, ''",
        "crc32c, c0ffee",
        "crc32c, 00C0FFEE",
        "crc32c, 0x00c0ff",
        "crc32c, 000c0ffee",
        "id, ''",
        "id, 123456789012345",
        "id, 12345678901234567",
    })
    void hostileValuesAreNamedAndNotShown(String name, String value) {
        headers.put("stepvault-chunk-" + name, value.getBytes(StandardCharsets.UTF_8));

        assertThat(ChunkFormat.CAPTURES.isChunk(headers::get)).isTrue();
        assertThat(detail()).isNotBlank();
    }

    @Test
    void setsThatDeclareFarTooMuchAreReadSoThatTheyCanBeRefusedForThat() {
        headers.put("stepvault-chunk-bytes", ascii("53687091200"));

        assertThat(ChunkFormat.CAPTURES.parse(headers::get))
                .isEqualTo(new Parsed.Chunk(new ChunkHeader(HEADER.id(), 3, 12, 53_687_091_200L, HEADER.crc32c())));
    }

    @Test
    void deadLettersHaveHeadersOfTheirOwn() {
        headers.putAll(ChunkFormat.DEAD_LETTERS.write(new ChunkHeader(new UUID(5, 6), 0, 1, 1, 0)));

        assertThat(ChunkFormat.CAPTURES.parse(headers::get)).isEqualTo(new Parsed.Chunk(HEADER));
        assertThat(ChunkFormat.DEAD_LETTERS.parse(headers::get))
                .isEqualTo(new Parsed.Chunk(new ChunkHeader(new UUID(5, 6), 0, 1, 1, 0)));
    }

    @Test
    void chunksOfOneSetDifferByTheirIndexAlone() {
        assertThat(HEADER.isOfSameSet(new ChunkHeader(HEADER.id(), 0, 12, 5_000_000, 0x00C0FFEEL)))
                .isTrue();
        assertThat(HEADER.isOfSameSet(new ChunkHeader(new UUID(1, 2), 3, 12, 5_000_000, 0x00C0FFEEL)))
                .isFalse();
        assertThat(HEADER.isOfSameSet(new ChunkHeader(HEADER.id(), 3, 13, 5_000_000, 0x00C0FFEEL)))
                .isFalse();
        assertThat(HEADER.isOfSameSet(new ChunkHeader(HEADER.id(), 3, 12, 5_000_001, 0x00C0FFEEL)))
                .isFalse();
        assertThat(HEADER.isOfSameSet(new ChunkHeader(HEADER.id(), 3, 12, 5_000_000, 0x00C0FFEFL)))
                .isFalse();
        assertThat(HEADER.isLast()).isFalse();
        assertThat(new ChunkHeader(HEADER.id(), 11, 12, 12, 0).isLast()).isTrue();
    }

    @Test
    void aHeaderOutOfItsRangesIsNotMade() {
        UUID id = HEADER.id();
        assertThatThrownBy(() -> new ChunkHeader(id, 0, 0, 0, 0)).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> new ChunkHeader(id, 1, 1, 1, 0)).hasMessageContaining("0 to 0");
        assertThatThrownBy(() -> new ChunkHeader(id, 0, 1, -1, 0)).hasMessageContaining("at least 0");
        assertThatThrownBy(() -> new ChunkHeader(id, 0, 3, 2, 0)).hasMessageContaining("no more chunks than bytes");
        assertThatThrownBy(() -> new ChunkHeader(id, 0, 1, 1, 1L << 32)).hasMessageContaining("CRC-32C");
    }

    private String detail() {
        Parsed parsed = ChunkFormat.CAPTURES.parse(headers::get);
        assertThat(parsed).isInstanceOf(Parsed.Invalid.class);
        return ((Parsed.Invalid) parsed).detail();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
