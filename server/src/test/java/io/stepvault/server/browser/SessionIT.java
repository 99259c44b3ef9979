package io.stepvault.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.HasAttributeOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasCountOptions;
import com.microsoft.playwright.options.AriaRole;
import io.stepvault.event.StepCapture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Chromium.class)
final class SessionIT {
    private static final Instant START = Instant.parse("2026-11-20T08:00:00Z");

    private final Served served = Served.withoutToken();

    @AfterEach
    void close() {
        served.close();
    }

    private static Locator cards(Page page) {
        return page.locator(".card");
    }

    private static Locator slider(Page page) {
        return page.getByRole(AriaRole.SLIDER);
    }

    @Test
    void showsStepsAlongTimeWithTheirActions(Visitor visitor) {
        served.store(Shop.visit("shop", START, 5));
        Page page = visitor.open(served, "#/sessions/shop");
        assertThat(page).hasTitle("shop · Sessions · Stepvault");
        assertThat(cards(page)).hasCount(5);
        assertThat(cards(page).nth(1)).containsText("click");
        assertThat(cards(page).nth(1)).containsText("More Chairs");
        assertThat(cards(page).nth(1)).containsText("shop.example.org/chairs?page=1");
        assertThat(page.locator(".completeness")).containsText("nothing missing");
        assertThat(page.locator(".completeness")).containsText("ended");
        assertThat(page.locator(".stage-picture img")).isVisible();
    }

    @Test
    void goesThroughStepsByKeyboardAndRemembersTheChosenOne(Visitor visitor) {
        served.store(Shop.visit("shop", START, 6));
        Page page = visitor.open(served, "#/sessions/shop");
        assertThat(cards(page)).hasCount(6);
        page.keyboard().press("ArrowRight");
        page.keyboard().press("j");
        page.keyboard().press("k");
        assertThat(slider(page)).hasAttribute("aria-valuenow", "2");
        assertThat(page.locator(".stage")).containsText("Step 2 of 6");
        assertThat(page.locator(".stage .mark-box")).isVisible();
        assertThat(page).hasURL(Pattern.compile("\\?step=step-0001$"));
        page.reload();
        assertThat(slider(page)).hasAttribute("aria-valuenow", "2");
        page.keyboard().press("End");
        assertThat(slider(page)).hasAttribute("aria-valuenow", "6");
        page.keyboard().press("Enter");
        assertThat(page).hasTitle("step-0005 · shop · Sessions · Stepvault");
        page.keyboard().press("Escape");
        assertThat(slider(page)).hasAttribute("aria-valuenow", "6");
    }

    @Test
    void choosesAStepByClickAndOpensItByASecond(Visitor visitor) {
        served.store(Shop.visit("shop", START, 4));
        Page page = visitor.open(served, "#/sessions/shop");
        cards(page).nth(2).click();
        assertThat(slider(page)).hasAttribute("aria-valuenow", "3");
        assertThat(cards(page).nth(2)).hasAttribute("aria-current", "step");
        cards(page).nth(2).click();
        assertThat(page).hasTitle("step-0002 · shop · Sessions · Stepvault");
    }

    @Test
    void playsLikeAFilm(Visitor visitor) {
        served.store(Shop.visit("shop", START, 8));
        Page page = visitor.open(served, "#/sessions/shop");
        assertThat(cards(page).first()).containsText("navigate");
        page.getByLabel("Speed").selectOption("8");
        page.getByText("Even").click();
        page.keyboard().press("p");
        assertThat(page.locator("#play")).hasAttribute("aria-label", "Pause (space)");
        assertThat(slider(page)).hasAttribute("aria-valuenow", "8");
        assertThat(page.locator(".stage")).containsText("Step 8 of 8");
        assertThat(page.locator("#play")).hasAttribute("aria-label", "Play (space)");
        // From the end it begins anew; a pause stays where it is.
        page.getByLabel("Speed").selectOption("1");
        page.keyboard().press(" ");
        assertThat(slider(page)).hasAttribute("aria-valuenow", "2");
        page.keyboard().press(" ");
        assertThat(page.locator("#play")).hasAttribute("aria-label", "Play (space)");
    }

    @Test
    void marksMissingCapturesAndPauses(Visitor visitor) {
        List<StepCapture> captures = new ArrayList<>();
        for (int step : new int[] {0, 1, 4, 5}) {
            captures.add(Shop.step("gaps", step, START.plusSeconds(step == 5 ? 600 : step * 3L))
                    .build());
        }
        served.store(captures);
        Page page = visitor.open(served, "#/sessions/gaps");
        assertThat(page.locator(".completeness")).containsText("2 captures missing: 2–3");
        assertThat(page.locator(".completeness")).containsText("not ended");
        assertThat(page.locator(".gutter .missing")).hasText("2 missing");
        assertThat(page.locator(".gutter .pause")).hasText("9 min 48 s");
        visitor.picture(page, "session-gaps-light");
    }

    @Test
    void looksAtAndGoesToATimeOnTheTimeline(Visitor visitor) {
        served.store(Shop.visit("shop", START, 9));
        Page page = visitor.open(served, "#/sessions/shop");
        assertThat(cards(page).first()).containsText("navigate");
        double width = slider(page).boundingBox().width;
        slider(page).hover(new Locator.HoverOptions().setPosition(width / 2, 10));
        assertThat(page.locator(".timeline-preview .thumb.loaded")).isVisible();
        visitor.picture(page, "session-timeline-light");
        slider(page).click(new Locator.ClickOptions().setPosition(width - 2, 10));
        assertThat(slider(page)).hasAttribute("aria-valuenow", "9");
        page.locator(".brand").hover();
        assertThat(page.locator(".timeline-preview")).isHidden();
    }

    @Test
    void showsStepsAsTheyAreStoredWithoutLosingThePlace(Visitor visitor) {
        Instant now = Instant.now();
        served.store(
                Shop.step("live", 0, now.minusSeconds(9)).build(),
                Shop.step("live", 1, now.minusSeconds(5)).build());
        Page page = visitor.open(served, "#/sessions/live");
        assertThat(cards(page)).hasCount(2);
        assertThat(page.locator(".badge.live")).isVisible();
        served.store(Shop.step("live", 2, now).build());
        assertThat(cards(page)).hasCount(3, new HasCountOptions().setTimeout(20_000));
        assertThat(slider(page)).hasAttribute("aria-valuenow", "1");
        assertThat(page.locator("#announcer")).hasText("1 new step");
        page.keyboard().press("f");
        assertThat(slider(page)).hasAttribute("aria-valuenow", "3");
        served.store(Shop.step("live", 3, now.plusSeconds(2)).build());
        assertThat(slider(page)).hasAttribute("aria-valuenow", "4", new HasAttributeOptions().setTimeout(20_000));
    }

    @Test
    void showsStepsWithoutScreenshot(Visitor visitor) {
        visitor.forgive("404");
        served.store(Shop.step("bare", 0, START).setScreenshot(null).build());
        Page page = visitor.open(served, "#/sessions/bare");
        assertThat(page.getByText("No screenshot of this step")).isVisible();
        assertThat(page.locator(".card .thumb.empty")).isVisible();
    }

    @Test
    void worksAtPhoneWidth(Visitor visitor) {
        served.store(Shop.visit("shop", START, 4));
        Page page = visitor.open(served, Look.PHONE, "#/sessions");
        page.locator(".session-row").tap();
        assertThat(cards(page).first()).isVisible();
        cards(page).nth(1).tap();
        assertThat(slider(page)).hasAttribute("aria-valuenow", "2");
        page.locator(".stage-picture").tap();
        assertThat(page.locator(".shot img")).isVisible();
        assertThat(page.locator("html")).hasJSProperty("scrollWidth", 390);
    }
}
