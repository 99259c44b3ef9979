package io.stepvault.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route.FulfillOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasCountOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.IsHiddenOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.IsVisibleOptions;
import java.time.Instant;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the viewer says when something is not there, or the server is not. */
@ExtendWith(Chromium.class)
final class TroubleIT {
    private static final double SOON = 20_000;

    private final Served served = Served.withoutToken();

    @AfterEach
    void close() {
        served.close();
    }

    private void storeShop() {
        served.store(Shop.visit("shop", Instant.parse("2026-11-20T08:00:00Z"), 3));
    }

    private static Locator state(Page page) {
        return page.locator(".state");
    }

    @Test
    void saysThatTheServerIsGoneAndComesBackByItself(Visitor visitor) {
        // While it stops it may still answer that it does.
        visitor.forgive("net::ERR").forgive("status of 503");
        storeShop();
        Page page = visitor.open(served, "#/sessions/shop");
        assertThat(page.locator(".card .thumb.loaded")).hasCount(3);
        served.stop();
        assertThat(page.locator(".banner")).isVisible(new IsVisibleOptions().setTimeout(SOON));
        assertThat(page.locator(".card")).hasCount(3);
        page.keyboard().press("Escape");
        assertThat(state(page)).containsText("The server does not answer");
        visitor.picture(page, "server-gone-light");
        page.getByText("Try now").click();
        assertThat(page.locator(".banner")).isVisible();
        served.startAgain();
        assertThat(page.locator(".session-row")).hasCount(1, new HasCountOptions().setTimeout(SOON));
        assertThat(page.locator(".banner")).isHidden(new IsHiddenOptions().setTimeout(SOON));
    }

    @Test
    void saysThatASessionOrAStepIsNotThere(Visitor visitor) {
        visitor.forgive("status of 404");
        storeShop();
        Page page = visitor.open(served, "#/sessions/nothing");
        assertThat(state(page)).containsText("There is no such session");
        visitor.picture(page, "session-absent-light");
        page.navigate(served.uri() + "#/sessions/shop/steps/nothing");
        assertThat(state(page)).containsText("There is no such step");
        page.navigate(
                served.uri() + "#/sessions/shop/steps/step-0001?revision=20200101T000000.000000Z-0000000000000000");
        assertThat(state(page)).containsText("There is no such step");
        page.navigate(served.uri() + "#/nowhere/at/all");
        assertThat(state(page)).containsText("There is no such page");
        visitor.picture(page, "page-absent-light");
        page.navigate(served.uri() + "#/sessions/../../etc");
        assertThat(state(page)).containsText("There is no such page");
        state(page).getByText("All sessions").click();
        assertThat(page.locator(".session-row")).hasCount(1);
    }

    @Test
    void saysThatAStepHasExpired(Visitor visitor) {
        visitor.forgive("status of 410");
        storeShop();
        Page page = visitor.open(served, "#/sessions/shop");
        assertThat(page.locator(".card")).hasCount(3);
        answer(page, path -> path.endsWith("/steps/step-0001"), 410, "Gone");
        page.navigate(served.uri() + "#/sessions/shop/steps/step-0001");
        assertThat(state(page)).containsText("This step has expired");
        visitor.picture(page, "step-expired-light");
    }

    @Test
    void triesAgainWhenTheStoreIsBusy(Visitor visitor) {
        visitor.forgive("status of 503");
        storeShop();
        Page page = visitor.open(served, "#/sessions");
        assertThat(page.locator(".session-row")).hasCount(1);
        answer(page, path -> path.endsWith("/steps/step-0001"), 503, "Unavailable");
        page.navigate(served.uri() + "#/sessions/shop/steps/step-0001");
        assertThat(state(page)).containsText("The store cannot answer now");
        visitor.picture(page, "store-busy-light");
        page.unrouteAll();
        assertThat(page.locator(".step-place")).containsText("2 of 3", new ContainsTextOptions().setTimeout(SOON));
    }

    private static void answer(Page page, Predicate<String> path, int status, String title) {
        page.route(
                url -> path.test(url.replaceFirst("\\?.*", "")),
                route -> route.fulfill(new FulfillOptions()
                        .setStatus(status)
                        .setContentType("application/problem+json")
                        .setBody("{\"type\":\"about:blank\",\"title\":\"" + title + "\",\"status\":" + status + "}")));
    }
}
