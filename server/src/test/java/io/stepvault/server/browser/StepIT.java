package io.stepvault.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.stepvault.capture.Artifacts;
import io.stepvault.event.StepCapture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Chromium.class)
final class StepIT {
    private static final Instant START = Instant.parse("2026-11-20T08:00:00Z");
    private static final String STEPS = "#/sessions/shop/steps/";

    private final Served served = Served.withoutToken();

    @AfterEach
    void close() {
        served.close();
    }

    private static Locator panel(Page page) {
        return page.getByRole(AriaRole.TABPANEL);
    }

    private static Locator chosenTab(Page page) {
        return page.locator("[role=tab][aria-selected=true]");
    }

    @Test
    void showsWhereTheActionHappenedOnTheScreenshot(Visitor visitor) {
        served.store(Shop.visit("shop", START, 3));
        Page page = visitor.open(served, STEPS + "step-0001");
        assertThat(page).hasTitle("step-0001 · shop · Sessions · Stepvault");
        assertThat(page.getByRole(AriaRole.HEADING).first()).hasText("click More Chairs");
        Locator box = page.locator(".mark-box");
        assertThat(box).isVisible();
        // The picture is as wide as the viewport was: the box is drawn where the action had it, a little larger.
        double scale = page.locator(".shot img").boundingBox().width / Shop.WIDTH;
        double left = box.boundingBox().x - page.locator(".shot img").boundingBox().x;
        assertThat(left / scale).isBetween(370.0, 382.0);
        page.getByText("Where it acted").click();
        assertThat(box).isHidden();
    }

    @Test
    void tellsWhatIsKnownOfTheStep(Visitor visitor) {
        served.store(Shop.visit("shop", START, 3));
        Page page = visitor.open(served, STEPS + "step-0002");
        Locator details = page.locator(".details");
        assertThat(details).containsText("2026-11-20 08:00:04.570 UTC");
        assertThat(details).containsText("ends with this step");
        assertThat(details).containsText("shop-bot");
        assertThat(details).containsText("image/png");
        assertThat(details.locator("code").first()).hasText(Pattern.compile("sha256 [0-9a-f]{16}…"));
        assertThat(details.getByText("https://shop.example.org/tables?page=2"))
                .hasAttribute("rel", "noreferrer noopener");
    }

    @Test
    void switchesViewsByKeysAndKeepsThemForTheNextStep(Visitor visitor) {
        served.store(Shop.visit("shop", START, 3));
        Page page = visitor.open(served, STEPS + "step-0000");
        assertThat(page.locator(".step-place")).containsText("1 of 3");
        page.keyboard().press("4");
        assertThat(chosenTab(page)).hasText("Action");
        assertThat(page).hasURL(Pattern.compile("\\?view=action$"));
        assertThat(panel(page)).containsText("\"navigate\"");
        page.keyboard().press("ArrowRight");
        assertThat(page.locator(".step-place")).containsText("2 of 3");
        assertThat(panel(page)).containsText("\"#shelf-1 > a.more\"");
        page.keyboard().press("d");
        assertThat(chosenTab(page)).hasText("Diff");
        page.keyboard().press("k");
        assertThat(page.locator(".step-place")).containsText("1 of 3");
        assertThat(panel(page)).containsText("This is the first step");
        for (String key : List.of("1", "2", "3", "5", "6", "7")) {
            page.keyboard().press(key);
            assertThat(chosenTab(page)).hasAttribute("aria-selected", "true");
        }
        assertThat(chosenTab(page)).hasText("Attachments");
        page.getByRole(AriaRole.TAB).last().press("ArrowLeft");
        assertThat(chosenTab(page)).hasText("Revisions");
        assertThat(chosenTab(page)).isFocused();
        page.keyboard().press("Escape");
        assertThat(page.locator(".card")).hasCount(3);
    }

    @Test
    void showsTheCapturedPageInASandbox(Visitor visitor) {
        served.store(Shop.visit("shop", START, 1));
        Page page = visitor.open(served, STEPS + "step-0000?view=page");
        assertThat(page.locator("iframe")).hasAttribute("sandbox", "");
        assertThat(page.frameLocator("iframe").getByText("All prices include tax."))
                .isVisible();
    }

    @Test
    void marksInTheSourceWhatTheSelectorNames(Visitor visitor) {
        served.store(Shop.visit("shop", START, 3));
        Page page = visitor.open(served, STEPS + "step-0002?view=source");
        assertThat(page.locator(".code mark.selected.current"))
                .hasText("<a class=\"more\" href=\"/more?shelf=2&amp;step=2\">");
        assertThat(page.locator(".panel .hint")).hasText("#shelf-2 > a.more is here.");
        page.keyboard().press("/");
        page.keyboard().type("IN STOCK");
        assertThat(page.locator(".found-count")).hasText("1 of 4");
        page.keyboard().press("Enter");
        assertThat(page.locator(".found-count")).hasText("2 of 4");
        page.keyboard().press("Escape");
        page.keyboard().press("n");
        assertThat(page.locator(".found-count")).hasText("3 of 4");
    }

    @Test
    void findsTheSelectorOnThePageThatTheActionLeft(Visitor visitor) {
        StepCapture left = Shop.step("shop", 0, START)
                .setHtml(Artifacts.html("<!doctype html><title>x</title><p>Go <a id=next href=next>onward</a>"))
                .build();
        StepCapture reached = Shop.step("shop", 1, START.plusSeconds(1))
                .setAction("{\"type\": \"click\", \"selector\": \"#next\", \"text\": \"onward\"}")
                .setHtml(Artifacts.html("<!doctype html><title>y</title><p>There is no such link here"))
                .build();
        served.store(left, reached);
        Page page = visitor.open(served, STEPS + "step-0001?view=source");
        assertThat(page.locator(".panel .hint")).containsText("finds nothing on this page");
        page.getByText("Show it there").click();
        assertThat(page.locator(".step-place")).containsText("1 of 2");
        assertThat(page.locator(".code mark.selected.current")).hasText("<a id=next href=next>");
    }

    @Test
    void keepsLargeSourcesOutOfTheDocument(Visitor visitor) {
        String line = "<p class=\"line\">Some text that makes the source long, <b>again and again</b>.</p>\n";
        String html = "<!doctype html>\n" + line.repeat(20_000) + "<script>" + "var x=1;".repeat(60_000)
                + "</script><i id=last>end</i>";
        served.store(Shop.step("shop", 1, START)
                .setHtml(Artifacts.html(html))
                .setAction("{\"type\": \"click\", \"selector\": \"#last\"}")
                .build());
        Page page = visitor.open(served, STEPS + "step-0001?view=source");
        assertThat(page.locator(".code mark.selected.current")).hasText("<i id=last>");
        assertThat((Integer) page.evaluate("() => document.querySelectorAll('*').length"))
                .isLessThan(2_500);
        assertThat(page.getByText("20,002 lines")).isVisible();
    }

    @Test
    void comparesWithTheStepBefore(Visitor visitor) {
        served.store(Shop.visit("shop", START, 3));
        Page page = visitor.open(served, STEPS + "step-0002?view=diff");
        Locator action =
                panel(page).getByRole(AriaRole.REGION).filter(new Locator.FilterOptions().setHasText("selector"));
        assertThat(action.locator(".minus-line mark", new Locator.LocatorOptions().setHasText("1"))
                        .first())
                .isVisible();
        Locator html = page.getByLabel("HTML", new Page.GetByLabelOptions().setExact(true));
        assertThat(html.locator(".diff-count")).hasText("+15 −15");
        assertThat(html.locator(".plus-line mark").first()).hasText("Tables");
    }

    @Test
    void foldsWhatDidNotChangeUntilSomeoneOpensIt(Visitor visitor) {
        String text = "<p>A line that stays\n".repeat(50);
        served.store(
                Shop.step("shop", 0, START)
                        .setHtml(Artifacts.html(text + "<p>old\n" + text))
                        .build(),
                Shop.step("shop", 1, START.plusSeconds(1))
                        .setHtml(Artifacts.html(text + "<p>new\n" + text))
                        .build());
        Page page = visitor.open(served, STEPS + "step-0001?view=diff");
        Locator html = page.getByLabel("HTML", new Page.GetByLabelOptions().setExact(true));
        assertThat(html.locator(".code-row")).hasCount(10);
        assertThat(html.locator(".fold")).hasText(new String[] {"Show 47 unchanged lines", "Show 48 unchanged lines"});
        html.locator(".fold button").last().click();
        assertThat(html.locator(".fold")).hasCount(1);
        assertThat(html.locator(".plus-line")).containsText("<p>new");
    }

    @Test
    void comparesTwoRevisionsSideBySide(Visitor visitor) {
        served.store(
                Shop.step("shop", 1, START).build(),
                Shop.step("shop", 1, START.plusSeconds(2))
                        .setHtml(Artifacts.html(Shop.page(4)))
                        .build(),
                Shop.step("shop", 1, START.plusSeconds(4))
                        .setScreenshot(Artifacts.png(Shop.picture(3)))
                        .build());
        Page page = visitor.open(served, STEPS + "step-0001?view=revisions");
        assertThat(panel(page)).containsText("3 revisions");
        assertThat(page.locator(".side .thumb.loaded")).hasCount(2);
        assertThat(page.getByLabel("Left revision")).hasValue("1");
        assertThat(page.getByLabel("Right revision")).hasValue("2");
        assertThat(page.locator(".revision-diffs")).containsText("No difference.");
        page.getByLabel("Left revision").selectOption("0");
        assertThat(page.locator(".revision-diffs")).containsText("No difference: the same bytes.");
        page.getByLabel("Open this revision").first().click();
        assertThat(page.locator(".details .hint")).containsText("This revision was asked for by name.");
        assertThat(page.locator(".details")).containsText("08:00:00.000 UTC");
        page.getByText("Go to the latest").click();
        assertThat(page.locator(".details")).containsText("08:00:04.000 UTC");
    }

    @Test
    void listsAttachmentsShowsTextAndSavesFiles(Visitor visitor) throws IOException {
        served.store(Shop.step("shop", 0, START)
                .setAttachments(Map.of(
                        "console.log", Shop.text("text/plain", "first line\nsecond line\n"),
                        "network.har", Shop.text("application/json", "{\"log\":{\"entries\":[{\"status\":200}]}}"),
                        "odd/näme & <b>.bin", Artifacts.of("application/octet-stream", new byte[] {1, 2, 3})))
                .build());
        Page page = visitor.open(served, STEPS + "step-0000");
        assertThat(page.getByRole(AriaRole.TAB).last()).hasText("Attachments3");
        page.keyboard().press("7");
        Locator files = page.locator(".attachments > li");
        assertThat(files).hasCount(3);
        assertThat(files.nth(2)).containsText("odd/näme & <b>.bin");
        files.nth(1).getByText("Preview").click();
        assertThat(files.nth(1).locator(".code")).containsText("\"status\": 200");
        files.nth(0).getByText("Preview").click();
        assertThat(files.nth(0).locator(".code")).containsText("second line");
        Download download =
                page.waitForDownload(() -> files.nth(0).getByText("Download").click());
        assertThat(Files.readString(download.path(), StandardCharsets.UTF_8)).isEqualTo("first line\nsecond line\n");
        assertThat(download.suggestedFilename()).contains("console").endsWith(".log");
    }

    @Test
    void opensDeepLinksToIdsOfAnyKind(Visitor visitor) {
        String session = "köln/2026 #1 <i>%41</i>";
        String step = "..?x=1&y=\"2\"";
        served.store(Shop.step(session, 0, START).setStepId(step).build());
        Page page = visitor.open(served, "#/sessions");
        page.locator(".session-link").click();
        assertThat(page.locator("h1")).hasText(session);
        assertThat(page.locator(".card")).hasCount(1);
        page.locator(".stage-picture").click();
        assertThat(page.locator(".details dd .id").first()).hasText(step);
        page.reload();
        assertThat(page.locator(".details dd .id").first()).hasText(step);
        assertThat(page.locator(".crumbs")).containsText(session);
        assertThat(page.locator(".shot img")).isVisible();
    }

    @Test
    void showsActionsOfAnyForm(Visitor visitor) {
        served.store(
                Shop.step("shop", 0, START).setAction("[1, \"two\", null]").build(),
                Shop.step("shop", 1, START.plusSeconds(1))
                        .setAction("{\"kind\":\"tap\",\"position\":[640,400]}")
                        .build(),
                Shop.step("shop", 2, START.plusSeconds(2))
                        .setAction(null)
                        .setHtml(null)
                        .build());
        Page page = visitor.open(served, STEPS + "step-0000?view=action");
        assertThat(panel(page)).containsText("\"two\"");
        page.keyboard().press("j");
        assertThat(page.getByRole(AriaRole.HEADING).first()).containsText("tap");
        page.keyboard().press("1");
        assertThat(page.locator(".mark-point")).isVisible();
        page.keyboard().press("j");
        assertThat(page.locator(".shot img")).isVisible();
        page.keyboard().press("4");
        assertThat(panel(page)).hasText("This step has no action.");
        page.keyboard().press("3");
        assertThat(panel(page)).hasText("This step has no HTML.");
        page.keyboard().press("2");
        assertThat(panel(page)).hasText("This step has no HTML.");
    }
}
