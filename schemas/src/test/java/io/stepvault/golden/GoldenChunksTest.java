package io.stepvault.golden;

import static io.stepvault.golden.GoldenFile.present;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.ChunkHeader;
import io.stepvault.wire.Chunking;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenChunksTest {
    private static final HexFormat HEX = HexFormat.of();

    static Stream<Arguments> sets() {
        return Stream.concat(
                sets("captures.json", ChunkFormat.CAPTURES), sets("dead-letters.json", ChunkFormat.DEAD_LETTERS));
    }

    private static Stream<Arguments> sets(String file, ChunkFormat format) {
        return list(GoldenFile.read("chunks/v1/" + file).content(), "sets").map(set -> Arguments.of(format, set));
    }

    static Stream<Map<?, ?>> records() {
        return list(GoldenFile.read("chunks/v1/headers.json").content(), "records");
    }

    @ParameterizedTest
    @MethodSource("sets")
    void goldenBytesAreCutIntoGoldenChunks(ChunkFormat format, Map<?, ?> set) {
        ByteBuffer id = ByteBuffer.wrap(bytes(set, "id"));
        int chunkBytes = Math.toIntExact((Long) present(set, "chunk_bytes"));
        Chunking chunking = new Chunking(new UUID(id.getLong(), id.getLong()), bytes(set, "whole"), chunkBytes);
        List<Map<?, ?>> chunks = list(set, "chunks").toList();

        assertThat(chunking.count()).isEqualTo(chunks.size());
        for (int i = 0; i < chunks.size(); i++) {
            ChunkHeader header = chunking.header(i);
            Map<String, Object> written = new HashMap<>();
            format.write(header).forEach((name, value) -> written.put(name, HEX.formatHex(value)));
            written.put("value", HEX.formatHex(chunking.bytes(i)));
            Map<?, ?> chunk = chunks.get(i);

            assertThat(written).isEqualTo(chunk);
            assertThat(format.parse(name -> bytes(chunk, name))).isEqualTo(new ChunkFormat.Parsed.Chunk(header));
        }
    }

    @ParameterizedTest
    @MethodSource("records")
    void goldenHeadersAreReadOrRefused(Map<?, ?> record) {
        Map<?, ?> headers = (Map<?, ?>) present(record, "headers");
        ChunkFormat.Lookup lookup = name -> headers.get(name) == null ? null : bytes(headers, name);

        assertThat(ChunkFormat.CAPTURES.isChunk(lookup)).isTrue();
        assertThat(ChunkFormat.CAPTURES.parse(lookup) instanceof ChunkFormat.Parsed.Chunk)
                .isEqualTo(present(record, "is_chunk"));
    }

    private static byte[] bytes(Map<?, ?> object, String field) {
        return HEX.parseHex((String) present(object, field));
    }

    private static Stream<Map<?, ?>> list(Map<?, ?> object, String field) {
        return ((List<?>) present(object, field)).stream().map(item -> (Map<?, ?>) item);
    }
}
