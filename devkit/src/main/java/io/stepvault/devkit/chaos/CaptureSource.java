package io.stepvault.devkit.chaos;

import io.stepvault.capture.Artifacts;
import io.stepvault.capture.StepCaptures;
import io.stepvault.event.StepCapture;
import java.time.Instant;
import java.util.Base64;
import java.util.Random;

/**
 * Any capture of a crawl without end, made from a seed and its number alone, so that what was published need not be kept
 * to be compared with later. A few are large enough to be published in chunks. Immutable; safe for any thread.
 *
 * @param seed draws what is in them
 * @param start the time of the first
 */
record CaptureSource(long seed, Instant start) {
    private static final int SESSIONS_AT_ONCE = 24;
    private static final int STEPS = 10;
    private static final int ONE_LARGE_OF = 60;
    private static final int MAX_PAGE_BYTES = 24_000;
    private static final int MAX_SCREENSHOT_BYTES = 60_000;
    private static final int LARGE_BYTES = 1_000_000;

    /**
     * Capture number {@code n}, the same at every call.
     *
     * @param n from 0
     */
    StepCapture capture(long n) {
        Random random = new Random(seed * 1_000_003 + n);
        long generation = n / (SESSIONS_AT_ONCE * STEPS);
        long session = generation * SESSIONS_AT_ONCE + n % SESSIONS_AT_ONCE;
        long step = n / SESSIONS_AT_ONCE % STEPS;
        StepCapture.Builder capture = StepCaptures.of("chaos-" + session, "step-" + step, start.plusMillis(n))
                .setSequence(step)
                .setUrl("https://example.org/" + session + "/" + step)
                .setHtml(Artifacts.html(text(random, 500 + random.nextInt(MAX_PAGE_BYTES))))
                .setAction("{\"type\": \"click\", \"selector\": \"#" + n + "\"}")
                .setEndOfSession(step == STEPS - 1);
        if (n % ONE_LARGE_OF == ONE_LARGE_OF - 1) {
            capture.setScreenshot(Artifacts.png(bytes(random, LARGE_BYTES + random.nextInt(LARGE_BYTES))));
        } else if (random.nextInt(4) > 0) {
            capture.setScreenshot(Artifacts.png(bytes(random, 1 + random.nextInt(MAX_SCREENSHOT_BYTES))));
        }
        return capture.build();
    }

    private static String text(Random random, int bytes) {
        return Base64.getEncoder().encodeToString(bytes(random, bytes * 3 / 4));
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
