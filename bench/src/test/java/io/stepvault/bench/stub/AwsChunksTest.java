package io.stepvault.bench.stub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AwsChunksTest {
    private static final String BODY = String.join(
            "\r\n",
            "5;chunk-signature=abc",
            "hello",
            "7",
            ", world",
            "0;chunk-signature=def",
            "x-amz-checksum-crc32:abcd==",
            "",
            "");

    private final ByteArrayOutputStream payload = new ByteArrayOutputStream();
    private final AwsChunks chunks = new AwsChunks(payload::write);

    @Property
    void putsPiecesTogetherHoweverTheyAreCut(@ForAll @IntRange(min = 1, max = 100) int piece) {
        payload.reset();
        AwsChunks fresh = new AwsChunks(payload::write);
        byte[] bytes = BODY.getBytes(StandardCharsets.US_ASCII);

        for (int at = 0; at < bytes.length; at += piece) {
            fresh.take(bytes, at, Math.min(piece, bytes.length - at));
        }

        assertThat(payload.toString(StandardCharsets.US_ASCII)).isEqualTo("hello, world");
        assertThat(fresh.isComplete()).isTrue();
        assertThat(fresh.trailers()).containsEntry("x-amz-checksum-crc32", "abcd==");
    }

    @Test
    void isNotCompleteWithoutTheLastPiece() {
        take("5\r\nhello\r\n");

        assertThat(chunks.isComplete()).isFalse();
    }

    @Test
    void refusesWhatFollowsTheEnd() {
        take("0\r\n\r\n");

        assertThatThrownBy(() -> take("more\r\n")).hasMessageContaining("not aws-chunked");
    }

    @Test
    void refusesALineWithoutEnd() {
        assertThatThrownBy(() -> take("0".repeat(2_000))).hasMessageContaining("not aws-chunked");
    }

    private void take(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        chunks.take(bytes, 0, bytes.length);
    }
}
