package io.stepvault.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.stepvault.capture.Artifacts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A captured page that wants out reaches nothing: not the viewer, not the API, nobody else. */
@ExtendWith(Chromium.class)
final class HostilePageIT {
    private static final Instant START = Instant.parse("2026-11-20T08:00:00Z");
    private static final String MARKUP = "<img src=x onerror=alert(1)>";

    private final Served served = Served.withoutToken();
    private final Trap trap = new Trap();

    @AfterEach
    void close() {
        served.close();
        trap.close();
    }

    private String hostilePage() throws IOException {
        try (InputStream page =
                Objects.requireNonNull(HostilePageIT.class.getResourceAsStream("hostile.html"), "hostile.html")) {
            return new String(page.readAllBytes(), StandardCharsets.UTF_8).replace("TRAP/", trap.uri());
        }
    }

    private void storeHostilePage() throws IOException {
        served.store(Shop.step("bad", 0, START)
                .setHtml(Artifacts.html(hostilePage()))
                .build());
    }

    /** The browser tells on the console what it blocks. */
    private static Visitor expectingBlocks(Visitor visitor) {
        return visitor.forgive("Content Security Policy")
                .forgive("sandbox")
                .forgive("Blocked setting the `pwned=1` cookie")
                .forgive("Unsafe attempt to load URL");
    }

    private void assertNothingGotOut(Visitor visitor, BrowserContext window, Page page) {
        assertThat(trap.caught()).as("requests to the outside").isEmpty();
        assertThat(visitor.requests()).as("requests to the API").noneMatch(request -> request.contains("pwned"));
        assertThat(window.pages()).as("windows").hasSize(1);
        assertThat(window.cookies()).as("cookies").isEmpty();
        assertThat(page.evaluate("() => String(window.pwned)"))
                .as("a mark on the viewer")
                .isEqualTo("undefined");
    }

    @Test
    void isReallyHostile(Visitor visitor) throws IOException {
        trap.serve(hostilePage());
        Page page = visitor.openUnprotected(trap.uri() + "unprotected");
        page.waitForCondition(
                () -> trap.caught().containsAll(List.of("/script", "/style.css", "/top", "/api/v1/sessions?pwned")));
    }

    @Test
    void reachesNothingFromTheViewer(Visitor visitor) throws IOException {
        expectingBlocks(visitor);
        storeHostilePage();
        BrowserContext window = visitor.window(served, Look.LIGHT);
        Page page = window.newPage();
        page.navigate(served.uri() + "#/sessions/bad/steps/step-0000?view=page");
        FrameLocator frame = page.frameLocator("iframe.captured");
        assertThat(frame.getByText("This page means harm.")).isVisible();
        // At its own size: a scaled frame is hard to hit.
        page.getByText("1:1").click();
        String address = page.url();
        for (String target : List.of("#script", "#submit", "#api", "#top", "#blank")) {
            frame.locator(target).click();
        }
        assertThat(frame.getByText("This page means harm.")).isVisible();
        assertThat(page.url()).isEqualTo(address);
        assertThat(page.locator(".step-page")).isVisible();
        assertNothingGotOut(visitor, window, page);
        assertThat(page.evaluate("() => JSON.stringify({...localStorage})")).isEqualTo("{}");
        assertThat(page.evaluate("() => navigator.serviceWorker.getRegistrations().then((all) => all.length)"))
                .isEqualTo(0);
        visitor.picture(page, "hostile-page-light");

        // The source is looked through for the selector, in a document that nothing runs in.
        page.getByRole(AriaRole.TAB).getByText("Source").click();
        assertThat(page.locator(".code")).containsText("<!doctype html>");
        assertNothingGotOut(visitor, window, page);
    }

    @Test
    void reachesNothingFromATabOfItsOwn(Visitor visitor) throws IOException {
        expectingBlocks(visitor);
        storeHostilePage();
        BrowserContext window = visitor.window(served, Look.LIGHT);
        Page page = window.newPage();
        String address = served.uri() + "api/v1/sessions/bad/steps/step-0000/artifacts/html";
        page.navigate(address);
        assertThat(page.getByText("This page means harm.")).isVisible();
        for (String target : List.of("#script", "#submit", "#api")) {
            page.locator(target).click();
        }
        assertThat(page.getByText("This page means harm.")).isVisible();
        assertThat(page.url()).isEqualTo(address);
        assertNothingGotOut(visitor, window, page);
    }

    @Test
    void savesPicturesThatCanCarryScriptsInsteadOfShowingThem(Visitor visitor) {
        String svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>location = '" + trap.uri() + "'</script></svg>";
        served.store(Shop.step("bad", 0, START)
                .setAttachments(Map.of("picture.svg", Shop.text("image/svg+xml", svg)))
                .setScreenshot(Shop.text("image/svg+xml", svg))
                .build());
        visitor.forgive("status of 415");
        BrowserContext window = visitor.window(served, Look.LIGHT);
        Page page = window.newPage();
        page.navigate(served.uri() + "#/sessions/bad/steps/step-0000?view=attachments");
        Locator file = page.locator(".attachments > li");
        assertThat(file).containsText("picture.svg");
        page.waitForDownload(() -> page.evaluate(
                "path => { location = path; }",
                "/api/v1/sessions/bad/steps/step-0000/artifacts/attachments/picture.svg"));
        page.keyboard().press("1");
        assertThat(page.locator(".panel")).containsText("cannot show image/svg+xml");
        assertNothingGotOut(visitor, window, page);
    }

    @Test
    void showsMarkupInIdsLabelsAndActionsAsText(Visitor visitor) {
        served.store(
                Shop.step(MARKUP, 0, START).setStepId("zero " + MARKUP).build(),
                Shop.step(MARKUP, 1, START.plusSeconds(1))
                        .setStepId(MARKUP)
                        .setUrl("javascript:alert('" + MARKUP + "')")
                        .setLabels(Map.of("<b>name</b>", MARKUP + "<script>alert(1)</script>"))
                        .setAction("{\"type\": \"" + MARKUP + "\", \"selector\": \"" + MARKUP
                                + "\", \"text\": \"</code>" + MARKUP + "\", \"title\": \"</title>" + MARKUP + "\"}")
                        .setAttachments(Map.of(MARKUP, Shop.text("text/plain; " + MARKUP, MARKUP)))
                        .build());
        Page page = visitor.open(served, "#/sessions");
        assertThat(page.locator(".session-row")).containsText(MARKUP);
        page.locator(".session-link").click();
        assertThat(page.locator(".card").nth(1)).containsText(MARKUP);
        page.keyboard().press("End");
        assertThat(page.locator(".stage-about")).containsText("</code>" + MARKUP);
        page.keyboard().press("Enter");
        assertThat(page.locator(".details")).containsText("<script>alert(1)</script>");
        assertThat(page.locator(".details a[href^=javascript]")).hasCount(0);
        for (String key : List.of("2", "3", "4", "5", "6", "7")) {
            page.keyboard().press(key);
            assertThat(page.locator("[role=tab][aria-selected=true]")).hasCount(1);
        }
        page.locator(".attachments").getByText("Preview").click();
        assertThat(page.locator(".preview .code")).containsText(MARKUP);
        assertThat(page.locator("img[src=x], script:not([src])")).hasCount(0);
    }
}
