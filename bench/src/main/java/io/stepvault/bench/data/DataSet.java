package io.stepvault.bench.data;

import io.stepvault.capture.StepCaptures;
import io.stepvault.event.Artifact;
import io.stepvault.event.StepCapture;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Captures made from a seed: sessions take turns, each ends with its last capture, and but for the time of capture all
 * is the same at every run. The artifacts' bytes are random, so that no compression on the way helps anyone.
 *
 * @param name what tables call it
 * @param htmlBytes of each capture's page
 * @param screenshotBytes of each capture's screenshot; 0 for none
 * @param captures in all
 * @param sessions that they are of
 */
public record DataSet(String name, int htmlBytes, int screenshotBytes, int captures, int sessions) {
    private static final long SEED = 20261122;
    private static final int POOL_BYTES = 4 << 20;

    /** Like most captures: 100 KB of HTML and a screenshot of 80 KB. */
    public static DataSet large(int captures, int sessions) {
        return new DataSet("180 KB", 100_000, 80_000, captures, sessions);
    }

    /** Small ones: 1.2 KB of HTML and a picture of 0.8 KB. */
    public static DataSet small(int captures, int sessions) {
        return new DataSet("2 KB", 1_200, 800, captures, sessions);
    }

    /** Bytes of a capture's artifacts. */
    public int artifactBytes() {
        return htmlBytes + screenshotBytes;
    }

    /**
     * Makes the captures, one after the other.
     *
     * @param now when the first was captured; the others are a microsecond apart
     */
    public void forEach(Instant now, Consumer<StepCapture> consumer) {
        Random random = new Random(SEED);
        byte[] pool = new byte[POOL_BYTES + Math.max(htmlBytes, screenshotBytes)];
        random.nextBytes(pool);
        for (int number = 0; number < captures; number++) {
            StepCapture.Builder capture = StepCaptures.of(
                            String.format(Locale.ROOT, "bench-session-%06d", number % sessions),
                            String.format(Locale.ROOT, "step-%06d", number / sessions),
                            now.plusNanos(1_000L * number))
                    .setUrl("https://shop.example.org/catalogue/shoes?page=" + number + "&sort=price")
                    .setHtml(artifact("text/html", pool, htmlBytes, random))
                    .setAction("{\"type\": \"click\", \"selector\": \"#next\", \"x\": 812, \"y\": 1033}")
                    .setLabels(Map.of("crawl", "shoes", "agent", "a-7"))
                    .setEndOfSession(number >= captures - sessions);
            if (screenshotBytes > 0) {
                capture.setScreenshot(artifact("image/png", pool, screenshotBytes, random));
            }
            consumer.accept(capture.build());
        }
    }

    private static Artifact artifact(String contentType, byte[] pool, int bytes, Random random) {
        return Artifact.newBuilder()
                .setContentType(contentType)
                .setData(ByteBuffer.wrap(pool, random.nextInt(POOL_BYTES), bytes))
                .build();
    }
}
