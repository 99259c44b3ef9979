package io.stepvault.server.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Chromium.class)
final class SignInIT {
    private static final String TOKEN = "a-token-for-this-test-only";

    private final Served served = Served.withToken(TOKEN);

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void exchangesTheTokenForACookieAndKeepsItNowhereElse(Visitor visitor) {
        visitor.forgive("status of 401");
        served.store(Shop.visit("shop", Instant.parse("2026-11-20T08:00:00Z"), 2));
        Page page = visitor.open(served, "#/sessions/shop");
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog).containsText("Sign in to Stepvault");
        assertThat(page.getByLabel("Token")).isFocused();
        visitor.picture(page, "sign-in-light");
        page.getByLabel("Token").fill("not-the-token-at-all");
        page.keyboard().press("Enter");
        assertThat(page.getByRole(AriaRole.ALERT)).hasText("That is not this server's token.");
        visitor.picture(page, "sign-in-wrong-light");
        page.getByLabel("Token").fill(TOKEN);
        page.keyboard().press("Enter");
        assertThat(page.locator(".card")).hasCount(2);
        assertThat(dialog).hasCount(0);
        assertThat(page.locator(".thumb.loaded")).hasCount(2);
        page.reload();
        assertThat(page.locator(".card")).hasCount(2);

        String kept = (String)
                page.evaluate("() => JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}])");
        assertThat(kept).isEqualTo("[\"\",{},{}]");
        assertThat(visitor.requests()).noneMatch(request -> request.contains(TOKEN));

        page.getByLabel("Sign out").click();
        assertThat(dialog).containsText("Sign in to Stepvault");
    }
}
