package io.stepvault.bench.sizes;

import io.stepvault.capture.StepCaptures;
import io.stepvault.event.Artifact;
import io.stepvault.event.StepCapture;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;

/**
 * Makes captures of any size and remembers what is in them. Their bytes are random, so that no compression makes them
 * smaller than they claim; they are parts of one array, since making others would take longer than all else. Used by
 * one thread.
 */
final class LargeCaptures {
    private final Instant capturedAt = Instant.now();
    private final byte[] random = new byte[(64 << 20) + (1 << 16)];
    private final Random from = new Random(1);
    private final Map<String, Map<String, DiscardingS3.Content>> expected = new HashMap<>();

    LargeCaptures() {
        from.nextBytes(random);
    }

    /** A capture with a page and a screenshot of these sizes. */
    StepCapture capture(String session, String step, int htmlBytes, int screenshotBytes) {
        StepCapture.Builder capture = StepCaptures.of(session, step, capturedAt)
                .setUrl("https://example.org/" + session + "/" + step)
                .setAction("{\"type\":\"click\"}");
        Map<String, DiscardingS3.Content> contents = new HashMap<>();
        capture.setHtml(artifact("text/html", htmlBytes, "html", contents));
        if (screenshotBytes > 0) {
            capture.setScreenshot(artifact("image/png", screenshotBytes, "screenshot", contents));
        }
        expected.put(session + "/" + step, contents);
        return capture.build();
    }

    private Artifact artifact(String contentType, int bytes, String name, Map<String, DiscardingS3.Content> contents) {
        int offset = from.nextInt(random.length - bytes);
        CRC32 crc = new CRC32();
        crc.update(random, offset, bytes);
        contents.put(name, new DiscardingS3.Content(bytes, crc.getValue()));
        return Artifact.newBuilder()
                .setContentType(contentType)
                .setData(ByteBuffer.wrap(random, offset, bytes))
                .build();
    }

    /** By {@code session/step}, and by the artifact's name: what the store must have got. */
    Map<String, Map<String, DiscardingS3.Content>> expected() {
        return expected;
    }
}
