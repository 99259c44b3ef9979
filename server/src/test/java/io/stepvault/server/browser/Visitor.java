package io.stepvault.server.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.WaitUntilState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Someone with a fresh browser profile who notices everything: errors of the page and the console (a violated content
 * security policy is one), dialogs, windows that open, requests to another origin. Not safe for threads.
 */
final class Visitor implements AutoCloseable {
    private static final Path PICTURES = Path.of("target", "screenshots");

    private final Browser browser;
    private final List<BrowserContext> contexts = new ArrayList<>();
    private final List<String> unexpected = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private final Set<String> forgiven = new HashSet<>();
    private String origin = "";

    Visitor(Browser browser) {
        this.browser = browser;
    }

    /** Opens the viewer at a route such as {@code #/sessions}. */
    Page open(Served served, Look look, String route) {
        Page page = window(served, look).newPage();
        page.navigate(served.uri() + route);
        return page;
    }

    Page open(Served served, String route) {
        return open(served, Look.LIGHT, route);
    }

    /** Opens any page, in a profile in which nothing is noticed. */
    Page openUnprotected(String address) {
        BrowserContext context = browser.newContext();
        contexts.add(context);
        context.onDialog(Dialog::dismiss);
        Page page = context.newPage();
        page.navigate(address, new Page.NavigateOptions().setWaitUntil(WaitUntilState.COMMIT));
        return page;
    }

    /** A fresh profile in which everything is noticed. */
    BrowserContext window(Served served, Look look) {
        origin = served.uri().toString();
        BrowserContext context = browser.newContext(look.options());
        contexts.add(context);
        context.setDefaultTimeout(10_000);
        context.onRequest(this::requested);
        context.onConsoleMessage(this::said);
        context.onWebError(error -> unexpected.add("page error: " + error.error()));
        context.onDialog(dialog -> {
            unexpected.add("dialog: " + dialog.message());
            dialog.dismiss();
        });
        return context;
    }

    /** Lets console errors pass that have this text in them: those that the test provokes. */
    Visitor forgive(String text) {
        forgiven.add(text);
        return this;
    }

    /** Paths and queries of all requests so far, in order. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    /** Writes what the page looks like now to {@code target/screenshots}. */
    void picture(Page page, String name) {
        page.evaluate("() => document.fonts.ready");
        page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")));
    }

    void assertNothingUnexpected() {
        assertThat(unexpected).as("what no page may do").isEmpty();
    }

    private void requested(Request request) {
        String url = request.url();
        if (url.startsWith(origin)) {
            requests.add(url.substring(origin.length() - 1));
        } else if (!url.startsWith("data:") && !url.startsWith("about:")) {
            unexpected.add("request to another origin: " + url);
        }
    }

    private void said(ConsoleMessage message) {
        String text = message.text() + " at " + message.location();
        if (message.type().equals("error") && forgiven.stream().noneMatch(text::contains)) {
            unexpected.add("console: " + text);
        }
    }

    @Override
    public void close() {
        contexts.forEach(BrowserContext::close);
    }
}
