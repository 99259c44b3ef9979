package example;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.BoundingBox;
import io.stepvault.capture.Artifacts;
import io.stepvault.capture.StepCaptures;
import io.stepvault.event.StepCapture;
import io.stepvault.producer.PublishResult;
import io.stepvault.producer.StepPublisher;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Walks a site with Chromium along its links with {@code id="next"}, and publishes each page that it sees as a step. Its
 * arguments: the brokers, the page to start at, and the session's id. Prints a line of JSON for each step.
 */
public final class Crawl {
    private static final int MAX_STEPS = 50;

    private final StepPublisher publisher;
    private final String session;

    private Crawl(StepPublisher publisher, String session) {
        this.publisher = publisher;
        this.session = session;
    }

    public static void main(String[] args) {
        BrowserType.LaunchOptions chromium = new BrowserType.LaunchOptions()
                .setExecutablePath(Path.of(System.getenv().getOrDefault("CHROMIUM", "/usr/bin/chromium")))
                .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                        "--disable-background-networking", "--disable-component-update", "--disable-sync"));
        Playwright.CreateOptions noDownload =
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"));
        try (StepPublisher publisher = StepPublisher.to(args[0])
                        .onDropped(dropped -> System.err.println("dropped " + dropped))
                        .onFailed(failed -> System.err.println("failed " + failed))
                        .open();
                Playwright playwright = Playwright.create(noDownload);
                Browser browser = playwright.chromium().launch(chromium)) {
            Page page = browser.newPage(new Browser.NewPageOptions().setViewportSize(1280, 800));
            new Crawl(publisher, args[2]).walk(page, args[1]);
            if (!publisher.flush(Duration.ofSeconds(30))) {
                throw new IllegalStateException("not all out yet: " + publisher.stats());
            }
        }
    }

    private void walk(Page page, String start) {
        page.navigate(start);
        for (int number = 1; number <= MAX_STEPS; number++) {
            Locator next = page.locator("#next");
            boolean goesOn = number < MAX_STEPS && next.count() == 1;
            publish(page, number, goesOn ? clickOn(next) : "{\"type\": \"stop\"}", !goesOn);
            if (!goesOn) {
                return;
            }
            next.click();
            page.waitForLoadState();
        }
    }

    /** What the viewer shows of an action: what it is, what it is aimed at, and where that is. */
    private static String clickOn(Locator link) {
        BoundingBox box = link.boundingBox();
        return String.format(Locale.ROOT,
                "{\"type\": \"click\", \"selector\": \"#next\", \"viewport\": [1280, 800], \"box\": [%f, %f, %f, %f]}",
                box.x, box.y, box.width, box.height);
    }

    /** A step is a page as the crawler found it, and what it then did there. */
    private void publish(Page page, int number, String action, boolean isLast) {
        String html = page.content();
        byte[] screenshot = page.screenshot();
        StepCapture step = StepCaptures.of(session, String.format("step-%04d", number), Instant.now())
                .setUrl(page.url())
                .setHtml(Artifacts.html(html))
                .setScreenshot(Artifacts.png(screenshot))
                .setAction(action)
                .setLabels(Map.of("crawler", "examples/java"))
                .setEndOfSession(isLast)
                .build();

        PublishResult result = publisher.publish(step); // a queue in memory takes it; the SDK numbers, cuts and sends it

        if (result != PublishResult.ACCEPTED) {
            throw new IllegalStateException(step.getStepId() + ": " + result);
        }
        System.out.printf("{\"session\": \"%s\", \"step\": \"%s\", \"html\": \"%s\", \"screenshot\": \"%s\", \"action\": \"%s\"}%n",
                session, step.getStepId(), sha256(html.getBytes(StandardCharsets.UTF_8)), sha256(screenshot),
                action.replace("\"", "\\\""));
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
