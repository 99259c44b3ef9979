package io.stepvault.bench.stub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RequestReaderTest {
    private static final String TWO = "PUT /b/k?partNumber=1&uploadId=u HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n"
            + "X-Amz-Decoded-Content-Length: 3\r\n\r\nhello" + "GET /b?list-type=2 HTTP/1.1\r\nHost: h\r\n\r\n";

    @Property
    void readsRequestsHoweverTheyArrive(@ForAll @IntRange(min = 1, max = 200) int piece) throws IOException {
        RequestReader reader = new RequestReader(inPieces(TWO, piece));
        ByteArrayOutputStream body = new ByteArrayOutputStream();

        RequestHead put = Objects.requireNonNull(reader.head());
        reader.body(put.contentLength(), body::write);
        RequestHead get = Objects.requireNonNull(reader.head());

        assertThat(put.method()).isEqualTo("PUT");
        assertThat(put.path()).isEqualTo("/b/k");
        assertThat(put.payloadLength()).isEqualTo(3);
        assertThat(put.isOfBucket()).isFalse();
        assertThat(put.asks("uploadId")).isTrue();
        assertThat(put.asks("upload")).isFalse();
        assertThat(body.toString(StandardCharsets.US_ASCII)).isEqualTo("hello");
        assertThat(get.isOfBucket()).isTrue();
        assertThat(get.contentLength()).isZero();
        assertThat(reader.head()).isNull();
    }

    @Test
    void refusesABodyThatIsCutOff() throws IOException {
        RequestReader reader = new RequestReader(inPieces("PUT /b/k HTTP/1.1\r\nContent-Length: 5\r\n\r\nhe", 100));
        RequestHead put = Objects.requireNonNull(reader.head());

        assertThatThrownBy(() -> reader.body(put.contentLength(), (bytes, offset, length) -> {}))
                .isInstanceOf(EOFException.class)
                .hasMessageContaining("3 bytes");
    }

    @Test
    void refusesAHeadWithoutEnd() {
        RequestReader reader = new RequestReader(inPieces("PUT /b/k HTTP/1.1\r\nA: " + "a".repeat(200_000), 100_000));

        assertThatThrownBy(reader::head).isInstanceOf(EOFException.class);
    }

    private static InputStream inPieces(String text, int most) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                return super.read(bytes, offset, Math.min(most, length));
            }
        };
    }
}
