package io.stepvault.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.stepvault.storage.object.ObjectCorruptException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SourceTest {
    private static final InputStream BROKEN = new InputStream() {
        @Override
        public int read() throws IOException {
            return read(new byte[1], 0, 1);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            throw new IOException("differs", new ObjectCorruptException("store", "key", "differs", null));
        }
    };

    private static byte[] read(Source source) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        source.readAhead();
        do {
            ByteBuffer chunk = source.take();
            byte[] bytes = new byte[chunk.remaining()];
            chunk.get(bytes);
            all.writeBytes(bytes);
        } while (!source.hasEnded());
        return all.toByteArray();
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 + i / 251);
        }
        return bytes;
    }

    @Property(tries = 50)
    void givesAllBytes(@ForAll @IntRange(max = 5) int chunks, @ForAll @IntRange(min = -1, max = 1) int more)
            throws IOException {
        byte[] bytes = bytes(Math.max(0, chunks * Source.CHUNK + more));

        assertThat(read(new Source(new ByteArrayInputStream(bytes)))).isEqualTo(bytes);
    }

    @Test
    void keepsTheLastChunkBackUntilTheStreamHasEndedWell() throws IOException {
        InputStream twoChunks = new ByteArrayInputStream(bytes(2 * Source.CHUNK));
        Source source = new Source(new SequenceInputStream(twoChunks, BROKEN));
        source.readAhead();
        source.take();

        assertThat(source.hasEnded()).isFalse();
        assertThatExceptionOfType(Source.Broken.class)
                .isThrownBy(source::take)
                .satisfies(e -> assertThat(e.failure()).isInstanceOf(ObjectCorruptException.class));
    }
}
