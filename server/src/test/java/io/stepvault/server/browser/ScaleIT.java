package io.stepvault.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.stepvault.capture.Artifacts;
import io.stepvault.capture.StepCaptures;
import io.stepvault.event.Artifact;
import io.stepvault.event.StepCapture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Long lists stay smooth: what is in the document and what is asked of the server is bounded. */
@ExtendWith(Chromium.class)
final class ScaleIT {
    private static final Instant START = Instant.parse("2026-11-20T08:00:00Z");
    private static final int MOST_ELEMENTS = 1_500;

    private final Served served = Served.withoutToken();

    @AfterEach
    void close() {
        served.close();
    }

    private static int elements(Page page) {
        return (Integer) page.evaluate("() => document.querySelectorAll('*').length");
    }

    private static long count(Visitor visitor, String pattern) {
        return visitor.requests().stream()
                .filter(request -> request.matches(pattern))
                .count();
    }

    @Test
    void scrollsThroughTenThousandSessions(Visitor visitor) {
        int sessions = 10_000;
        Artifact picture = Artifacts.png(Shop.dot());
        List<StepCapture> captures = new ArrayList<>();
        for (int session = 0; session < sessions; session++) {
            captures.add(StepCaptures.of("s-%05d".formatted(session), "step", START.minusSeconds(session * 600L))
                    .setScreenshot(picture)
                    .build());
        }
        served.store(captures);
        Page page = visitor.open(served, "#/sessions");
        assertThat(page.locator(".session-row").first()).containsText("1 step");
        assertThat(elements(page)).isLessThan(MOST_ELEMENTS);
        while (page.locator(".list-end").count() == 0) {
            page.evaluate("() => (document.querySelector('main').scrollTop = 1e9)");
            page.waitForFunction(
                    "() => { const main = document.querySelector('main');"
                            + " return document.querySelector('.list-end') || main.scrollTop + main.clientHeight < main.scrollHeight - 500; }");
            assertThat(elements(page)).isLessThan(MOST_ELEMENTS);
        }
        assertThat(page.locator(".list-end")).hasText("10,000 sessions, that is all");
        page.evaluate("() => (document.querySelector('main').scrollTop = 1e9)");
        assertThat(page.locator(".session-row").last()).containsText("s-09999");
        assertThat(page.locator(".session-row").last()).containsText("1 step");
        assertThat(count(visitor, "/api/v1/sessions\\?.*")).isLessThan(30);
        // Rows that flew by asked for nothing.
        assertThat(count(visitor, "/api/v1/sessions/[^?]*")).isLessThan(2_000);
    }

    @Test
    void showsASessionOfTwoThousandSteps(Visitor visitor) {
        int steps = 2_000;
        byte[] picture = Shop.picture(1);
        List<StepCapture> captures = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            captures.add(StepCaptures.of("long", "step-%04d".formatted(step), START.plusSeconds(step * 3L))
                    .setSequence((long) step)
                    .setAction(Shop.action(step))
                    .setScreenshot(Artifacts.png(picture))
                    .setEndOfSession(step == steps - 1)
                    .build());
        }
        served.store(captures);
        Page page = visitor.open(served, "#/sessions/long");
        assertThat(page.locator(".completeness")).containsText("nothing missing");
        assertThat(page.locator(".card").first()).containsText("navigate");
        assertThat(elements(page)).isLessThan(MOST_ELEMENTS);
        page.keyboard().press("End");
        assertThat(page.locator(".card").last()).containsText("More");
        assertThat(page.getByRole(AriaRole.SLIDER)).hasAttribute("aria-valuenow", "2000");
        for (int part = 1; part < 20; part++) {
            page.evaluate(
                    "part => { const strip = document.querySelector('.filmstrip');"
                            + " strip.scrollLeft = strip.scrollWidth * part / 20; }",
                    part);
            assertThat(elements(page)).isLessThan(MOST_ELEMENTS);
        }
        page.keyboard().press("Home");
        assertThat(page.locator(".card").first()).containsText("navigate");
        assertThat(count(visitor, "/api/v1/sessions/long/steps\\?.*")).isLessThan(10);
        assertThat(visitor.requests().size()).isLessThan(700);
        visitor.picture(page, "session-2000-steps-light");
    }
}
