package io.stepvault.server.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.WaitUntilState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Someone with a fresh browser profile who notices everything: errors of the page and the console (a violated content
 * security policy is one), dialogs, windows that open, requests to another origin. Not safe for threads.
 */
final class Visitor implements AutoCloseable {
    /** Why a browser does not make a request that a page asks for. */
    private static final Set<String> REFUSED = Set.of("csp", "origin");

    private static final Path PICTURES = Path.of("target", "screenshots");

    private final Browser browser;
    private final List<BrowserContext> contexts = new ArrayList<>();
    private final List<String> unexpected = new ArrayList<>();
    private final List<Request> requests = new ArrayList<>();
    private final Set<Request> blocked = new HashSet<>();
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
        context.onRequest(requests::add);
        context.onRequestFailed(request -> {
            if (REFUSED.contains(request.failure())) {
                blocked.add(request);
            }
        });
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

    /** Paths and queries of all requests to the server so far, in order; without those that the browser refused to make. */
    List<String> requests() {
        return sent().filter(url -> url.startsWith(origin))
                .map(url -> url.substring(origin.length() - 1))
                .toList();
    }

    private Stream<String> sent() {
        return requests.stream()
                .filter(request -> !blocked.contains(request))
                .map(Request::url)
                .filter(url -> !url.startsWith("data:") && !url.startsWith("about:"));
    }

    /** Writes what the page looks like now to {@code target/screenshots}. */
    void picture(Page page, String name) {
        page.evaluate("() => document.fonts.ready");
        page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")));
    }

    void assertNothingUnexpected() {
        assertThat(unexpected).as("what no page may do").isEmpty();
        assertThat(sent()).as("requests").allMatch(url -> url.startsWith(origin));
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
