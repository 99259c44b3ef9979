package io.stepvault.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ChunkingTest {
    private static final UUID ID = new UUID(1, 2);

    @Property
    void chunksMakeUpTheWholeAndNoneIsEmpty(
            @ForAll @Size(min = 1, max = 200) byte[] whole, @ForAll @IntRange(min = 1, max = 250) int chunkBytes) {
        Chunking chunking = new Chunking(ID, whole, chunkBytes);

        ByteArrayOutputStream together = new ByteArrayOutputStream();
        for (int i = 0; i < chunking.count(); i++) {
            assertThat(chunking.offset(i)).isEqualTo(together.size());
            assertThat(chunking.bytes(i)).hasSize(chunking.length(i)).hasSizeBetween(1, chunkBytes);
            together.writeBytes(chunking.bytes(i));
            ChunkHeader header = chunking.header(i);
            assertThat(header.index()).isEqualTo(i);
            assertThat(header.totalBytes()).isEqualTo(whole.length);
            assertThat(header.isOfSameSet(chunking.header(0))).isTrue();
        }
        assertThat(together.toByteArray()).isEqualTo(whole);
        assertThat(chunking.header(chunking.count() - 1).isLast()).isTrue();
    }

    @Test
    void theChecksumIsThatOfRfc3720() {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);

        assertThat(new Chunking(ID, digits, 2).header(0).crc32c()).isEqualTo(0xE3069283L);
        assertThat(new Chunking(ID, new byte[32], 5).header(6).crc32c()).isEqualTo(0x8A9136AAL);
    }

    @Test
    void noBytesAreOneEmptyChunk() {
        Chunking chunking = new Chunking(ID, new byte[0], 10);

        assertThat(chunking.count()).isEqualTo(1);
        assertThat(chunking.bytes(0)).isEmpty();
        assertThat(chunking.header(0)).isEqualTo(new ChunkHeader(ID, 0, 1, 0, 0));
    }

    @Test
    void theLargestChunkSizeDoesNotOverflow() {
        assertThat(new Chunking(ID, new byte[7], Integer.MAX_VALUE).count()).isEqualTo(1);
    }

    @Test
    void whatIsNotThereIsRefused() {
        Chunking chunking = new Chunking(ID, new byte[7], 3);

        assertThatThrownBy(() -> chunking.bytes(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> chunking.bytes(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> new Chunking(ID, new byte[7], 0)).hasMessageContaining("at least 1");
    }
}
