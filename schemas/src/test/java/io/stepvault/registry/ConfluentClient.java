package io.stepvault.registry;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Installs Confluent's own client from npm below {@code target}, and talks to it. Without Node and npm the tests are
 * skipped, and that is said loudly; if npm is there and cannot install, they are skipped too, but fail if {@code CI=true}.
 */
final class ConfluentClient implements ExecutionCondition {
    private static final Path SOURCE = Path.of("src", "test", "interop");
    private static final Path INSTALLED = Path.of("target", "interop");
    private static final String NOT_TESTED = "CONFLUENT'S OWN CLIENT IS NOT TESTED: ";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (context.getTestMethod().isPresent()) {
            return ConditionEvaluationResult.enabled("as its class");
        }
        if (onPath("node").isEmpty() || onPath("npm").isEmpty()) {
            return skipped(NOT_TESTED
                    + "node and npm are not on the path. Install them (Debian: apt-get install nodejs npm).");
        }
        Optional<String> problem = install();
        if (problem.isEmpty()) {
            return ConditionEvaluationResult.enabled("installed by npm");
        }
        if ("true".equals(System.getenv("CI"))) {
            throw new IllegalStateException(NOT_TESTED + problem.get());
        }
        return skipped(NOT_TESTED + problem.get());
    }

    private static ConditionEvaluationResult skipped(String why) {
        System.err.println(why);
        return ConditionEvaluationResult.disabled(why);
    }

    /** What went wrong, if anything did. */
    private static Optional<String> install() {
        try {
            Files.createDirectories(INSTALLED);
            boolean isSame = true;
            for (String file : List.of("package.json", "package-lock.json", "serde.js")) {
                Path target = INSTALLED.resolve(file);
                isSame &= Files.exists(target) && Files.mismatch(SOURCE.resolve(file), target) < 0;
                Files.copy(SOURCE.resolve(file), target, StandardCopyOption.REPLACE_EXISTING);
            }
            Path done = INSTALLED.resolve("installed");
            if (isSame && Files.exists(done)) {
                return Optional.empty();
            }
            Process npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                    .directory(INSTALLED.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(INSTALLED.resolve("npm.log").toFile())
                    .start();
            if (!npm.waitFor(5, TimeUnit.MINUTES)) {
                npm.destroyForcibly();
                return Optional.of("npm does not end within five minutes");
            }
            if (npm.exitValue() != 0) {
                return Optional.of(
                        "npm fails; see " + INSTALLED.resolve("npm.log").toAbsolutePath());
            }
            Files.writeString(done, "");
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private static Optional<Path> onPath(String program) {
        return Arrays.stream(
                        Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts it on a registry. */
    static Conversation talk(RegistrySettings settings) throws IOException {
        return new Conversation(
                new ProcessBuilder("node", "serde.js", settings.urls().get(0).toString())
                        .directory(INSTALLED.toFile())
                        .redirectError(INSTALLED.resolve("node.log").toFile())
                        .start());
    }

    /** A process that answers each line with a line. */
    static final class Conversation implements AutoCloseable {
        private final Process process;
        private final BufferedWriter requests;
        private final BufferedReader replies;

        private Conversation(Process process) {
            this.process = process;
            this.requests =
                    new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
            this.replies = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        @Nullable
        Object ask(String request) throws IOException {
            requests.write(request + "\n");
            requests.flush();
            String reply = replies.readLine();
            if (reply == null) {
                throw new IOException(
                        "node has ended; see " + INSTALLED.resolve("node.log").toAbsolutePath());
            }
            return RegistryJson.read(reply.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
