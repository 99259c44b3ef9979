package io.stepvault.storage;

import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.stepvault.capture.ArtifactInfo;
import io.stepvault.capture.CommitRecord;
import io.stepvault.storage.memory.InMemoryObjectStore;
import io.stepvault.storage.object.ByteRange;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.PutRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** An attachment as large as a capture may be, which is never in memory. */
class LargeArtifactTest {
    private static final int SIZE = 64 << 20;
    private static final String NAME = "attachments/video";
    private static final int MOST_ALLOCATED = 1 << 20;

    /** Makes its bytes up as they are read. */
    private static final class Generated extends InputStream {
        private final int size;
        private int next;

        Generated(int size) {
            this.size = size;
        }

        @Override
        public int read() {
            return next == size ? -1 : byteAt(next++) & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            int count = Math.min(length, size - next);
            for (int i = 0; i < count; i++) {
                buffer[offset + i] = byteAt(next++);
            }
            return count == 0 && length > 0 ? -1 : count;
        }

        private static byte byteAt(int place) {
            return (byte) (place ^ (place >>> 8) * 31);
        }
    }

    private final InMemoryObjectStore objects = new InMemoryObjectStore();
    private int given = SIZE;
    private final StepStore store = TestStores.over(new ForwardingObjectStore(objects) {
        @Override
        public InputStream get(String key, Optional<ByteRange> range) {
            if (!key.endsWith("/video")) {
                return super.get(key, range);
            }
            InputStream generated = new Generated(given);
            try {
                generated.skipNBytes(range.map(ByteRange::offset).orElse(0L));
            } catch (IOException e) {
                throw new IllegalArgumentException("the range begins past the end", e);
            }
            return generated;
        }
    });

    private StoredStep step() throws Exception {
        CommitRecord small = CommitRecord.of(aStep().build());
        CommitRecord large = new CommitRecord(
                small.sessionId(),
                small.stepId(),
                small.capturedAt(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new TreeMap<>(Map.of(NAME, new ArtifactInfo("video/mp4", SIZE, sha256()))),
                new TreeMap<>(),
                false);
        String revision = new ObjectsLayout("").revision("session", "step", large.revision());
        objects.put(new PutRequest(
                        revision + "step.json", "application/json", ByteBuffer.wrap(large.toJson()), Map.of()))
                .join();
        return store.load("session", "step").orElseThrow();
    }

    private static String sha256() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        new Generated(SIZE).transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        return HexFormat.of().formatHex(digest.digest());
    }

    @Test
    void streamsWithoutHoldingIt() throws Exception {
        StoredStep step = step();
        // Once before, so that no loading of classes is measured.
        assertThat(streamed(step)).isEqualTo(sha256());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        String streamed = streamed(step);

        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).as("bytes allocated in all").isLessThan(MOST_ALLOCATED);
        assertThat(streamed).isEqualTo(sha256());
    }

    private static String streamed(StoredStep step) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(step.open(NAME), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Test
    void readsARangeAtItsEnd() throws Exception {
        try (InputStream in = step().open(NAME, new ByteRange(SIZE - 3, 10))) {
            assertThat(in.readAllBytes()).hasSize(3);
        }
    }

    @Test
    void saysThatTheObjectIsTooShort() throws Exception {
        StoredStep step = step();
        given = 1_000;

        try (InputStream in = step.open(NAME, new ByteRange(990, 20))) {
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(IOException.class)
                    .hasCauseInstanceOf(ObjectCorruptException.class);
        }
        assertThatThrownBy(() -> step.open(NAME, new ByteRange(2_000, 20)))
                .isInstanceOf(ObjectCorruptException.class)
                .hasMessageContaining("shorter");
    }
}
