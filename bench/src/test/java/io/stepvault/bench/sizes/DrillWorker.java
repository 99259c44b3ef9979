package io.stepvault.bench.sizes;

import static org.awaitility.Awaitility.await;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The worker as its users run it, {@code stepvault worker}, in a process of its own. Used by one thread. */
final class DrillWorker implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+(?=/metrics)");

    private final Process process;
    private final Path log;
    private final HttpClient http = HttpClient.newHttpClient();

    private DrillWorker(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** @param heap as {@code -Xmx256m}, the one option that is not the launcher's */
    static DrillWorker start(Path directory, String heap, Map<String, String> configuration) throws IOException {
        Path file = directory.resolve("worker.properties");
        Files.write(
                file,
                configuration.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList());
        Path log = directory.resolve("worker.log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(launcherFlags());
        command.add(heap);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.stepvault.worker.cli.Stepvault"));
        command.addAll(List.of("worker", "--config", file.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        // As the launcher does.
        builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "1");
        // The store does not check them, but the client wants some.
        builder.environment().putAll(Map.of("AWS_ACCESS_KEY_ID", "drill", "AWS_SECRET_ACCESS_KEY", "drill"));
        return new DrillWorker(builder.start(), log);
    }

    /** The JVM flags that {@code ./stepvault worker} sets. */
    private static List<String> launcherFlags() throws IOException {
        String launcher = Files.readString(Path.of("..", "stepvault"));
        List<String> flags =
                new ArrayList<>(List.of(value(launcher, "worker_flags").split(" ")));
        String trim = value(launcher, "worker_trim_flag");
        if (isKnownToThisJvm(trim)) {
            flags.add(trim);
        }
        return flags;
    }

    private static String value(String script, String variable) {
        Matcher line = Pattern.compile("^" + variable + "=\"(.*)\"$", Pattern.MULTILINE)
                .matcher(script);
        if (!line.find()) {
            throw new IllegalStateException("the launcher sets no " + variable);
        }
        return line.group(1);
    }

    private static boolean isKnownToThisJvm(String flag) {
        String name = flag.replaceAll("-XX:|=.*", "");
        try {
            return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                            .getVMOption(name)
                    != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** @throws IllegalStateException if it is not, with the end of its log */
    void requireAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException("the worker has ended: " + logTail());
        }
    }

    /** The most memory that was resident since it began. */
    long peakResidentBytes() {
        requireAlive();
        return ResidentSet.of(process.pid()).peakBytes();
    }

    /** The sum of a meter's values on {@code /metrics}; 0 if there is none. */
    double metric(String name) {
        requireAlive();
        Pattern line = Pattern.compile("^" + name + "(\\{.*})? (\\S+)$", Pattern.MULTILINE);
        return line.matcher(metrics())
                .results()
                .mapToDouble(match -> Double.parseDouble(match.group(2)))
                .sum();
    }

    private String metrics() {
        URI uri = URI.create(address() + "/metrics");
        try {
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("the worker does not answer", e);
        }
    }

    private String address() {
        await().atMost(PATIENCE).until(() -> {
            requireAlive();
            return ADDRESS.matcher(log()).find();
        });
        Matcher address = ADDRESS.matcher(log());
        return address.find() ? address.group() : "";
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String logTail() {
        String all = log();
        return all.substring(Math.max(0, all.length() - 3_000));
    }

    /** SIGTERM, and the exit code. */
    int stop() {
        process.destroy();
        return process.onExit().join().exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
