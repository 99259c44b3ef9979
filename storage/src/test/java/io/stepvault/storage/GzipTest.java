package io.stepvault.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GzipTest {
    @Property(tries = 200)
    void givesBackWhatItCompressed(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 300_000) int size, @ForAll @IntRange(min = 1) int kinds)
            throws IOException {
        byte[] content = content(seed, size, kinds);

        var compressed = Gzip.compressed(ByteBuffer.wrap(content));

        if (compressed.isPresent()) {
            byte[] bytes = compressed.get().array();
            assertThat(bytes.length).isEqualTo(compressed.get().remaining()).isLessThan(size);
            assertThat(Gzip.decompressed(new ByteArrayInputStream(bytes), "store", "key")
                            .readAllBytes())
                    .isEqualTo(content);
            assertThat(Gzip.compressed(ByteBuffer.wrap(content))).hasValue(compressed.get());
        }
    }

    /** Random, of so many kinds of bytes. */
    private static byte[] content(long seed, int size, int kinds) {
        Random random = new Random(seed);
        byte[] content = new byte[size];
        for (int i = 0; i < size; i++) {
            content[i] = (byte) random.nextInt(Math.min(kinds, 256));
        }
        return content;
    }

    @Test
    void compressesWhatLiesBetweenPositionAndLimitAndMovesNoBuffer() throws IOException {
        ByteBuffer content = ByteBuffer.allocateDirect(5_000).position(1_000).limit(4_000);

        byte[] compressed =
                Gzip.compressed(content.asReadOnlyBuffer()).orElseThrow().array();

        assertThat(content.position()).isEqualTo(1_000);
        assertThat(Gzip.decompressed(new ByteArrayInputStream(compressed), "store", "key")
                        .readAllBytes())
                .isEqualTo(new byte[3_000]);
    }

    @Test
    void writesNeitherTimeNorName() {
        byte[] compressed =
                Gzip.compressed(ByteBuffer.wrap(new byte[5_000])).orElseThrow().array();

        assertThat(Arrays.copyOf(compressed, 8)).isEqualTo(new byte[] {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0});
    }

    @Test
    void givesNothingIfItGetsNoSmaller() {
        assertThat(Gzip.compressed(ByteBuffer.wrap(content(1, 200_000, 256)))).isEmpty();
        assertThat(Gzip.compressed(ByteBuffer.wrap(new byte[1]))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html; charset=utf-8",
                "text/plain",
                "TEXT/CSS",
                "application/json",
                "application/har+json",
                "application/xml",
                "application/xhtml+xml",
                "image/svg+xml",
                "text/javascript",
                "application/javascript"
            })
    void paysForText(String contentType) {
        assertThat(Gzip.mayPay(contentType, 1_025)).isTrue();
        assertThat(Gzip.mayPay(contentType, 1_024)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "image/png",
                "application/wasm",
                "application/octet-stream",
                "application/zip",
                "video/mp4",
                "font/woff2",
                "",
                "text/",
                "html"
            })
    void doesNotPayForTheRest(String contentType) {
        assertThat(Gzip.mayPay(contentType, 1_000_000)).isFalse();
    }
}
