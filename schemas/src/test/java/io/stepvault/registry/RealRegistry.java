package io.stepvault.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a real schema registry, Apicurio's, as a process of its own: one for all tests of a run. It wants a JDK 21 or
 * later, which is looked for in {@code JAVA_HOME_21} and the like, {@code JAVA_HOME}, the JVM of the tests and {@code
 * /usr/lib/jvm}. Without one the tests are skipped, and that is said loudly.
 */
final class RealRegistry implements ExecutionCondition, ParameterResolver {
    private static final Namespace OURS = Namespace.create(RealRegistry.class);
    private static final int LEAST_VERSION = 21;
    private static final Pattern NAMED = Pattern.compile("JAVA_HOME_(\\d+)(_.*)?");
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)[^\"]*\"");
    private static final Path UNPACKED = Path.of("target", "apicurio");
    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

    /** A registry that runs. */
    private static final class Running implements AutoCloseable {
        private final Process process;
        private final RegistrySettings settings;

        private Running(Process process, RegistrySettings settings) {
            this.process = process;
            this.settings = settings;
        }

        static Running start() {
            try {
                int port = freePort();
                Path output = UNPACKED.resolveSibling("apicurio.log");
                Process process = new ProcessBuilder(
                                java().orElseThrow().toString(),
                                "-Xmx256m",
                                "-Dquarkus.http.host=127.0.0.1",
                                "-Dquarkus.http.port=" + port,
                                "-Dquarkus.management.host=127.0.0.1",
                                "-Dquarkus.management.port=" + freePort(),
                                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                                "-Dapicurio.rules.global.compatibility=BACKWARD",
                                "-jar",
                                UNPACKED.resolve("quarkus-run.jar").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
                Running running =
                        new Running(process, RegistrySettings.of("http://127.0.0.1:" + port + "/apis/ccompat/v7"));
                running.awaitAnswer(output);
                return running;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void awaitAnswer(Path output) {
            RegistryClient client = new RegistryClient(settings);
            Instant deadline = Instant.now().plus(START_TIMEOUT);
            try {
                while (!(client.subjects() instanceof RegistryAnswer.Found)) {
                    if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                        close();
                        throw new IllegalStateException("Apicurio does not start; see " + output.toAbsolutePath());
                    }
                }
            } catch (InterruptedException e) {
                close();
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            process.destroy();
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }

        private static int freePort() throws IOException {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            }
        }
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<Path> java = java();
        if (java.isPresent()) {
            return ConditionEvaluationResult.enabled("Apicurio runs on " + java.get());
        }
        String missing = "THE REAL SCHEMA REGISTRY IS NOT TESTED: Apicurio wants a JDK " + LEAST_VERSION
                + " or later. Install one, and name it in JAVA_HOME_" + LEAST_VERSION
                + " unless it is under /usr/lib/jvm.";
        System.err.println(missing);
        return ConditionEvaluationResult.disabled(missing);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RegistrySettings.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(OURS)
                .getOrComputeIfAbsent(Running.class, key -> Running.start(), Running.class)
                .settings;
    }

    private static Optional<Path> java() {
        List<Path> homes = new ArrayList<>();
        for (Map.Entry<String, String> variable : System.getenv().entrySet()) {
            Matcher named = NAMED.matcher(variable.getKey());
            if (named.matches() && Integer.parseInt(named.group(1)) >= LEAST_VERSION) {
                homes.add(Path.of(variable.getValue()));
            }
        }
        Optional.ofNullable(System.getenv("JAVA_HOME")).map(Path::of).ifPresent(homes::add);
        homes.add(Path.of(System.getProperty("java.home")));
        homes.addAll(installed());
        return homes.stream()
                .filter(home -> version(home) >= LEAST_VERSION)
                .map(home -> home.resolve("bin/java"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static List<Path> installed() {
        try (Stream<Path> homes = Files.list(Path.of("/usr/lib/jvm"))) {
            return homes.sorted().toList();
        } catch (IOException e) {
            return List.of(); // other systems keep them elsewhere
        }
    }

    /** 0 if it is not a JDK, or does not say. */
    private static int version(Path home) {
        try {
            Matcher version = VERSION.matcher(Files.readString(home.resolve("release")));
            return version.find() ? Integer.parseInt(version.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
