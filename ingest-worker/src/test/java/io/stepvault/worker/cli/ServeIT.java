package io.stepvault.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepvault.event.StepCapture;
import io.stepvault.storage.StepStore;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.worker.Captures;
import io.stepvault.worker.flow.SourceRecord;
import io.stepvault.worker.spool.SpoolDisk.Written;
import io.stepvault.worker.spool.SpooledBatch;
import io.stepvault.worker.spool.SpooledBatches;
import io.stepvault.worker.spool.SpooledCapture;
import io.stepvault.worker.spool.file.SpoolContents;
import io.stepvault.worker.spool.file.SpoolDirectory;
import io.stepvault.worker.spool.file.SpoolFiles;
import io.stepvault.worker.spool.file.SpoolLimits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process of its own, as a user runs it. */
class ServeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path root = Path.of("");

    private String store = "";

    @BeforeEach
    void storeSomething() {
        store = root.resolve("store").toUri().toString();
        try (StepStore opened = StepStore.open(URI.create(store))) {
            opened.store(List.of(aStep("stored")));
        }
    }

    private static StepCapture aStep(String session) {
        return Captures.aStep(session, "one").build();
    }

    @Test
    void servesTheStoreAndWhatWaitsOnTheDisk() throws Exception {
        Path spool = spooled(aStep("spooled"));

        try (Server server = new Server(Map.of(), "--store", store, "--spool", spool.toString())) {
            assertThat(server.get("api/v1/sessions").body())
                    .contains("\"stored\"")
                    .contains("\"spooled\"");
            assertThat(server.get("api/v1/sessions/spooled/steps/one/artifacts/html")
                            .body())
                    .isEqualTo("<p>spooled/one</p>");
            assertThat(server.get("").body()).contains("<title>Stepvault");
            assertThat(server.stop()).isEqualTo(ExitCode.DONE);
            assertThat(server.printed()).doesNotContain("Exception");
        }
    }

    private Path spooled(StepCapture capture) throws IOException {
        Path spool = root.resolve("spool");
        SpooledCapture spooled = new SpooledCapture(
                List.of(1L),
                new SourceRecord(
                        capture.getSessionId().getBytes(StandardCharsets.UTF_8),
                        SingleObjectCodec.stepCaptures().encode(capture),
                        List.of(),
                        0));
        SpooledBatch batch = new SpooledBatch(SpooledBatches.ORIGIN, capture.getSessionId(), List.of(spooled));
        try (SpoolDirectory directory = SpoolDirectory.open(spool);
                SpoolFiles files = new SpoolFiles(
                        directory,
                        SpoolContents.read(directory, Clock.systemUTC()),
                        new SpoolLimits(1L << 30, 0, 1_000),
                        () -> 1L << 40,
                        Clock.systemUTC())) {
            assertThat(files.write(List.of(batch)).join()).isInstanceOf(Written.Durably.class);
        }
        return spool;
    }

    @Test
    void withATokenOnlyThoseWhoKnowItAreAnswered() throws Exception {
        Path file = Files.writeString(root.resolve("token"), TOKEN + "\n");

        try (Server server =
                new Server(Map.of(), "--store", store, "--host", "0.0.0.0", "--token-file", file.toString())) {
            assertThat(server.get("api/v1/sessions").statusCode()).isEqualTo(401);
            assertThat(server.get("api/v1/sessions", "Authorization", "Bearer " + TOKEN)
                            .statusCode())
                    .isEqualTo(200);
            assertThat(server.printed()).doesNotContain(TOKEN);
        }
        try (Server server = new Server(Map.of("STEPVAULT_SERVE_TOKEN", TOKEN), "--store", store)) {
            assertThat(server.get("api/v1/sessions").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void whatCannotBeServedIsSaidInOneLine() throws IOException {
        Path empty = Files.createFile(root.resolve("empty"));

        assertOneLine(
                CommandRun.of("serve", "--store", store, "--host", "0.0.0.0"),
                ExitCode.USAGE,
                "callers must know a token");
        assertOneLine(
                CommandRun.of("serve", "--store", store, "--token-file", empty.toString()),
                ExitCode.USAGE,
                "a bearer token has 16 to 1024");
        assertOneLine(
                CommandRun.of("serve", "--store", store, "--token-file", root + "/missing"),
                ExitCode.COULD_NOT_RUN,
                "cannot be read");
        assertOneLine(CommandRun.of("serve", "--store", store, "--port", "99999"), ExitCode.USAGE, "0 to 65535");
        assertOneLine(
                CommandRun.of("serve", "--store", store, "--host", "no.such.host.invalid"),
                ExitCode.USAGE,
                "no address for");
        assertOneLine(
                CommandRun.of("serve", "--store", store, "--spool", root.toString()),
                ExitCode.COULD_NOT_RUN,
                "is not a worker's spool directory");
        assertOneLine(
                CommandRun.of(
                        "serve", "--store", root.resolve("missing").toUri().toString()),
                ExitCode.COULD_NOT_RUN,
                "no such directory");
        assertOneLine(CommandRun.of("serve"), ExitCode.USAGE, "no store named");
    }

    private static void assertOneLine(CommandRun run, int exitCode, String text) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
        assertThat(run.errLines())
                .filteredOn(line -> !line.isBlank())
                .first()
                .asString()
                .contains(text);
        assertThat(run.err()).doesNotContain("\tat ");
    }

    /** A server on a free port. */
    private final class Server implements AutoCloseable {
        private final Process process;
        private final Path out;
        private final URI uri;

        Server(Map<String, String> environment, String... options) throws IOException {
            out = Files.createTempFile(root, "serve", ".log");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Stepvault.class.getName(),
                    "serve",
                    "--port",
                    "0"));
            command.addAll(List.of(options));
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
            builder.environment().putAll(environment);
            process = builder.start();
            Pattern viewer = Pattern.compile("(?m)^Viewer +http://\\S+:(\\d+)/$");
            await().atMost(PATIENCE)
                    .until(() -> !process.isAlive() || viewer.matcher(printed()).find());
            Matcher port = viewer.matcher(printed());
            assertThat(port.find()).as(printed()).isTrue();
            uri = URI.create("http://127.0.0.1:" + port.group(1) + "/");
        }

        HttpResponse<String> get(String path, String... headers) throws Exception {
            HttpRequest.Builder request = HttpRequest.newBuilder(uri.resolve(path));
            if (headers.length > 0) {
                request.headers(headers);
            }
            return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
        }

        String printed() throws IOException {
            return Files.readString(out);
        }

        int stop() throws InterruptedException {
            process.destroy();
            return process.waitFor();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
