package io.stepvault.server.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test a {@link Visitor} of its own, in one browser for all tests of a run. The browser is
 * {@code STEPVAULT_CHROMIUM}, or {@code chromium} on the path. Without one the tests are skipped, or fail if
 * {@code CI=true} or {@code STEPVAULT_BROWSER=required}.
 */
final class Chromium implements ExecutionCondition, ParameterResolver, AfterEachCallback {
    private static final Namespace OURS = Namespace.create(Chromium.class);
    private static final List<String> ARGUMENTS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    /** The browser and what drives it. */
    private record Running(Playwright playwright, Browser browser) implements AutoCloseable {
        static Running start() {
            Playwright playwright = Playwright.create(
                    new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            BrowserType.LaunchOptions options = new BrowserType.LaunchOptions()
                    .setExecutablePath(executable().orElseThrow())
                    .setArgs(ARGUMENTS);
            return new Running(playwright, playwright.chromium().launch(options));
        }

        @Override
        public void close() {
            browser.close();
            playwright.close();
        }
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (executable().isPresent()) {
            return ConditionEvaluationResult.enabled("Chromium is there");
        }
        String missing =
                "THE VIEWER IS NOT TESTED: there is no chromium on the path. Install it (Debian: apt-get install"
                        + " chromium) or name its executable in STEPVAULT_CHROMIUM.";
        if ("true".equals(System.getenv("CI")) || "required".equals(System.getenv("STEPVAULT_BROWSER"))) {
            throw new IllegalStateException(missing);
        }
        System.err.println(missing);
        return ConditionEvaluationResult.disabled(missing);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Visitor.class;
    }

    @Override
    public Visitor resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Running running = context.getRoot()
                .getStore(OURS)
                .getOrComputeIfAbsent(Running.class, key -> Running.start(), Running.class);
        return Objects.requireNonNull(context.getStore(OURS)
                .getOrComputeIfAbsent(Visitor.class, key -> new Visitor(running.browser()), Visitor.class));
    }

    /** What the test did not expect fails it. */
    @Override
    public void afterEach(ExtensionContext context) {
        Visitor visitor = context.getStore(OURS).get(Visitor.class, Visitor.class);
        if (visitor != null && context.getExecutionException().isEmpty()) {
            visitor.assertNothingUnexpected();
        }
    }

    private static Optional<Path> executable() {
        String named = System.getenv("STEPVAULT_CHROMIUM");
        Stream<Path> candidates = named != null
                ? Stream.of(Path.of(named))
                : Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "")
                                .split(File.pathSeparator))
                        .filter(directory -> !directory.isEmpty())
                        .map(directory -> Path.of(directory, "chromium"));
        return candidates.filter(Files::isExecutable).findFirst();
    }
}
