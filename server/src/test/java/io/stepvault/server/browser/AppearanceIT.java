package io.stepvault.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.stepvault.capture.Artifacts;
import io.stepvault.event.StepCapture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every page in every look: a picture of it for people, and a check of its accessibility by axe. */
@ExtendWith(Chromium.class)
final class AppearanceIT {
    /** Nothing is being loaded any more that can be seen. */
    private static final String SETTLED = """
            () => !document.querySelector(".skeleton, .progress.on")
              && [...document.images].every((image) => {
                const { left, top, width } = image.getBoundingClientRect();
                return image.complete || !width || left > innerWidth || top > innerHeight;
              })""";

    private static final String AXE = """
            async () => {
              const { violations } = await axe.run(document, { iframes: false });
              return violations.flatMap(({ id, nodes }) =>
                nodes.map((node) => `${id} at ${node.target.join(" ")}: ${node.failureSummary}`));
            }""";

    private final Served served = Served.withoutToken();

    @AfterEach
    void close() {
        served.close();
    }

    private void store() {
        Instant now = Instant.now();
        List<StepCapture> live = Shop.visit("shop-de-0412", now.minusSeconds(58), 17);
        live.remove(16);
        live.remove(5);
        served.store(live);
        served.store(Shop.visit("shop-de-0411", now.minus(1, ChronoUnit.HOURS), 9));
        served.store(Shop.visit("shop-fr-0388", now.minus(1, ChronoUnit.DAYS), 3));
        served.store(Shop.visit("shop-fr-0387", now.minus(1, ChronoUnit.DAYS), 24));
        Instant start = Instant.parse("2026-11-20T08:00:00Z");
        List<StepCapture> visit = new ArrayList<>(Shop.visit("shop-de-0001", start, 12));
        visit.set(
                4,
                Shop.step("shop-de-0001", 4, start.plusSeconds(11))
                        .setAttachments(Map.of(
                                "console.log", Shop.text("text/plain", "[info] loaded in 312 ms\n[warn] slow image\n"),
                                "network.har",
                                        Shop.text(
                                                "application/json",
                                                "{\"log\":{\"version\":\"1.2\",\"entries\":[{\"request\":{\"method\":\"GET\",\"url\":\"https://shop.example.org/rugs\"},\"response\":{\"status\":200},\"time\":31.5}]}}"),
                                "trace.bin", Artifacts.of("application/octet-stream", new byte[70_000])))
                        .build());
        served.store(visit);
        served.store(Shop.step("shop-de-0001", 4, start.plusSeconds(10))
                .setHtml(Artifacts.html(Shop.page(10).replace("All prices", "Some prices")))
                .setScreenshot(Artifacts.png(Shop.picture(3)))
                .build());
    }

    @ParameterizedTest
    @EnumSource(Look.class)
    void looksWellAndIsAccessible(Look look, Visitor visitor) throws IOException {
        store();
        Page page = visitor.open(served, look, "#/sessions");
        assertThat(page.locator(".badge.live")).isVisible();
        try (InputStream axe = Objects.requireNonNull(Page.class.getResourceAsStream("/axe.min.js"), "axe.min.js")) {
            page.evaluate(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        }
        check(visitor, page, look, "sessions");
        visit(page, "#/sessions?prefix=zzz");
        check(visitor, page, look, "sessions-none");
        visit(page, "#/sessions/shop-de-0412");
        assertThat(page.locator(".completeness")).containsText("1 capture missing");
        page.keyboard().press("ArrowRight");
        page.keyboard().press("ArrowRight");
        assertThat(page.locator(".stage .mark-box")).isVisible();
        check(visitor, page, look, "session-live");
        visit(page, "#/sessions/shop-de-0001");
        assertThat(page.locator(".completeness")).containsText("nothing missing");
        check(visitor, page, look, "session");
        for (String view : List.of("screenshot", "page", "source", "action", "diff", "revisions", "attachments")) {
            visit(page, "#/sessions/shop-de-0001/steps/step-0004?view=" + view);
            assertThat(page.locator("[role=tab][aria-selected=true]")).hasAttribute("data-view", view);
            assertThat(page.locator(".step-place")).containsText("5 of 12");
            if (view.equals("attachments")) {
                page.getByText("Preview").nth(1).click();
                assertThat(page.locator(".preview .code").last()).containsText("entries");
            } else if (view.equals("source")) {
                assertThat(page.locator("mark.selected").first()).isVisible();
            } else if (view.equals("diff")) {
                assertThat(page.locator(".diff .plus")).hasCount(2);
            } else if (view.equals("revisions")) {
                assertThat(page.locator(".side .thumb.loaded")).hasCount(2);
            }
            check(visitor, page, look, "step-" + view);
        }
        visitor.forgive("status of 404");
        visit(page, "#/sessions/nothing");
        assertThat(page.locator(".state")).isVisible();
        check(visitor, page, look, "absent");
    }

    private static void visit(Page page, String route) {
        page.evaluate("route => { location.hash = route; }", route);
    }

    private static void check(Visitor visitor, Page page, Look look, String name) {
        page.waitForFunction(SETTLED);
        visitor.picture(page, name + "-" + look.suffix());
        assertThat((List<?>) page.evaluate(AXE))
                .as("accessibility of " + name + ", " + look)
                .isEmpty();
    }
}
