package io.stepvault.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.HasCountOptions;
import com.microsoft.playwright.options.AriaRole;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Chromium.class)
final class SessionsIT {
    private final Instant now = Instant.now();

    private final Served served = Served.withoutToken();

    @AfterEach
    void close() {
        served.close();
    }

    private void storeThreeDays() {
        served.store(Shop.visit("shop-b", now.minus(2, ChronoUnit.DAYS), 3));
        served.store(Shop.visit("shop-a", now.minus(2, ChronoUnit.DAYS), 1));
        served.store(Shop.visit("news-1", now.minus(9, ChronoUnit.DAYS), 7));
    }

    private static Locator rows(Page page) {
        return page.locator(".session-row");
    }

    @Test
    void listsSessionsByDayWithTheNewestFirst(Visitor visitor) {
        storeThreeDays();
        Page page = visitor.open(served, "");
        assertThat(page).hasTitle("Sessions · Stepvault");
        assertThat(rows(page).locator(".id")).hasText(new String[] {"shop-a", "shop-b", "news-1"});
        assertThat(page.locator(".day")).hasCount(2);
        assertThat(rows(page).last()).containsText("7 steps");
        // First, second, third and last step; three more between them.
        assertThat(rows(page).last().locator(".thumb.loaded")).hasCount(4);
        assertThat(rows(page).last()).containsText("+3");
        assertThat(page.locator(".list-end")).hasText("3 sessions, that is all");
    }

    @Test
    void findsSessionsByTheBeginningOfTheirId(Visitor visitor) {
        storeThreeDays();
        Page page = visitor.open(served, "#/sessions");
        assertThat(rows(page)).hasCount(3);
        page.keyboard().press("/");
        assertThat(page.getByRole(AriaRole.SEARCHBOX)).isFocused();
        page.keyboard().type("shop");
        assertThat(rows(page)).hasCount(2);
        assertThat(page).hasURL(Pattern.compile("#/sessions\\?prefix=shop$"));
        page.reload();
        assertThat(page.getByRole(AriaRole.SEARCHBOX)).hasValue("shop");
        assertThat(rows(page)).hasCount(2);
        page.getByRole(AriaRole.SEARCHBOX).fill("nothing");
        assertThat(page.getByText("No session matches")).isVisible();
        page.getByText("Show all sessions").click();
        assertThat(rows(page)).hasCount(3);
    }

    @Test
    void findsSessionsByDay(Visitor visitor) {
        storeThreeDays();
        Page page = visitor.open(served, "#/sessions");
        String day = now.minus(5, ChronoUnit.DAYS).toString().substring(0, 10);
        page.getByLabel("First day").fill(day);
        assertThat(rows(page)).hasCount(2);
        page.getByLabel("First day").fill("");
        page.getByLabel("Last day").fill(day);
        assertThat(rows(page).locator(".id")).hasText(new String[] {"news-1"});
    }

    @Test
    void goesThroughSessionsByKeyboardAndComesBackToTheSamePlace(Visitor visitor) {
        storeThreeDays();
        Page page = visitor.open(served, "#/sessions");
        assertThat(rows(page)).hasCount(3);
        page.keyboard().press("j");
        assertThat(rows(page).nth(0).locator("a")).isFocused();
        page.keyboard().press("ArrowDown");
        page.keyboard().press("j");
        page.keyboard().press("k");
        assertThat(rows(page).nth(1).locator("a")).isFocused();
        page.keyboard().press("Enter");
        assertThat(page).hasTitle("shop-b · Sessions · Stepvault");
        assertThat(page.locator(".card")).hasCount(3);
        page.keyboard().press("Escape");
        assertThat(rows(page).nth(1).locator("a")).isFocused();
    }

    @Test
    void showsSessionsThatComeWhileItIsOpen(Visitor visitor) {
        storeThreeDays();
        Page page = visitor.open(served, "#/sessions");
        assertThat(rows(page)).hasCount(3);
        served.store(Shop.step("fresh-1", 0, Instant.now()).build());
        assertThat(rows(page)).hasCount(4, new HasCountOptions().setTimeout(20_000));
        assertThat(rows(page).first()).containsText("fresh-1");
        assertThat(rows(page).first().locator(".badge.live")).isVisible();
        assertThat(page.locator("#announcer")).hasText("1 new session");
    }

    @Test
    void saysThatThereIsNothingYetAndShowsWhatComes(Visitor visitor) {
        Page page = visitor.open(served, "");
        assertThat(page.getByText("No sessions yet")).isVisible();
        visitor.picture(page, "sessions-empty-light");
        served.store(Shop.step("first", 0, Instant.now()).build());
        assertThat(rows(page)).hasCount(1, new HasCountOptions().setTimeout(20_000));
    }

    @Test
    void switchesBetweenLightAndDarkAndRemembersIt(Visitor visitor) {
        storeThreeDays();
        Page page = visitor.open(served, Look.LIGHT, "#/sessions");
        Locator body = page.locator("body");
        assertThat(body).hasCSS("background-color", "rgb(246, 247, 248)");
        page.getByLabel("Dark theme").click();
        assertThat(body).hasCSS("background-color", "rgb(15, 19, 22)");
        page.reload();
        assertThat(body).hasCSS("background-color", "rgb(15, 19, 22)");
        page.getByLabel("Light theme").click();
        assertThat(body).hasCSS("background-color", "rgb(246, 247, 248)");
    }

    @Test
    void explainsTheKeys(Visitor visitor) {
        storeThreeDays();
        Page page = visitor.open(served, "#/sessions");
        assertThat(rows(page)).hasCount(3);
        page.keyboard().press("?");
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("Keyboard shortcuts");
        visitor.picture(page, "help-light");
        page.keyboard().press("j");
        page.keyboard().press("Escape");
        assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
        assertThat(rows(page)).hasCount(3);
    }
}
