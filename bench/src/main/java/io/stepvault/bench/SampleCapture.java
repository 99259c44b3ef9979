package io.stepvault.bench;

import io.stepvault.capture.Artifacts;
import io.stepvault.event.StepCapture;
import java.time.Instant;
import java.util.Map;
import java.util.Random;

/** Makes a capture of 180 KB: 100 KB of HTML, which compresses, and a screenshot of 80 KB, which does not. */
public final class SampleCapture {
    private static final int HTML_BYTES = 100_000;
    private static final int SCREENSHOT_BYTES = 80_000;

    private SampleCapture() {}

    /** Captured now; otherwise always the same. */
    public static StepCapture of(Instant now) {
        return of(now, HTML_BYTES, SCREENSHOT_BYTES);
    }

    /** The same with little in it. */
    public static StepCapture small(Instant now) {
        return of(now, 100, 100);
    }

    private static StepCapture of(Instant now, int htmlBytes, int screenshotBytes) {
        byte[] screenshot = new byte[screenshotBytes];
        new Random(1).nextBytes(screenshot);
        return StepCapture.newBuilder()
                .setSessionId("crawl-2026-11-20/session-000042")
                .setStepId("step-000017")
                .setCapturedAt(now)
                .setUrl("https://shop.example.org/catalogue/shoes?page=17&sort=price")
                .setHtml(Artifacts.html(html(htmlBytes)))
                .setScreenshot(Artifacts.png(screenshot))
                .setAction("{\"type\": \"click\", \"selector\": \"#next\", \"x\": 812, \"y\": 1033}")
                .setLabels(Map.of("crawl", "shoes", "agent", "a-7"))
                .build();
    }

    private static String html(int bytes) {
        Random random = new Random(2);
        StringBuilder page = new StringBuilder("<!doctype html><html><body>");
        while (page.length() < bytes) {
            page.append("<div class=\"product\"><a href=\"/p/")
                    .append(random.nextInt(1_000_000))
                    .append("\">Shoe ")
                    .append(random.nextInt(10_000))
                    .append("</a></div>\n");
        }
        page.setLength(bytes);
        return page.toString();
    }
}
