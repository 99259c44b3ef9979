package io.stepvault.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepvault.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands against a real broker, with the worker as a process of its own. */
class CommandLineIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    @TempDir
    private static Path root = Path.of("");

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder().start();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void carriesACrawlFromADirectoryToTheStoreAndBack() throws Exception {
        Path config = config("trip", "log.format=json");
        Path crawl = crawl("trip", 2, 3);
        Files.writeString(crawl.resolve("s-1/step-2/action.json"), "{broken");
        String store = root.resolve("trip-store").toUri().toString();

        CommandRun created = run("topics", "create", "-c", config.toString(), "--partitions", "2");
        assertThat(created.exitCode()).isZero();
        assertThat(created.lines()).hasSize(3).allMatch(line -> line.startsWith("created  trip"));
        CommandRun again = run("topics", "create", "-c", config.toString());
        assertThat(again.exitCode()).isZero();
        assertThat(again.lines()).hasSize(3).allMatch(line -> line.startsWith("exists"));
        assertThat(run("topics", "list", "-c", config.toString()).out())
                .containsPattern("trip +2 +1 +delete +7d")
                .containsPattern("trip.dead-letters +3 +1 +delete +30d");

        CommandRun published = run("publish", crawl.toString(), "-c", config.toString());
        assertThat(published.exitCode()).isEqualTo(ExitCode.PROBLEMS);
        assertThat(published.out()).contains("acknowledged 5, failed 1");
        assertThat(published.err()).contains("not published: " + crawl + "/s-1/step-2/action.json is not JSON");

        Process worker = startWorker(config);
        try {
            CommandRun followed = run(
                    "completions", "-c", config.toString(), "--follow", "--session", "s-2", "--limit", "1", "--json");
            assertThat(followed.exitCode()).isZero();
            assertThat(followed.lines()).singleElement().asString().contains("\"session_id\":\"s-2\"", "\"sha256\":");
            await().atMost(WITHIN)
                    .untilAsserted(() -> assertThat(
                                    run("completions", "-c", config.toString()).lines())
                            .hasSize(2)
                            .allMatch(line -> line.contains("end of session")));
            CommandRun doctor = run("doctor", "-c", config.toString());
            assertThat(doctor.exitCode()).as(doctor.out()).isZero();
            assertThat(doctor.out())
                    .contains(
                            "1 worker in it, 0 records behind",
                            "takes objects",
                            "rights ok",
                            "the brokers run them; transaction.timeout.ms 10s",
                            "partitions move after 6s; killed inside a transaction, after up to 10500ms");
        } finally {
            worker.destroy();
        }
        assertThat(worker.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(worker.exitValue()).as("exit code after SIGTERM").isZero();
        assertThat(Files.readString(root.resolve("trip.err")))
                .contains("\"message\":\"Effective configuration\"")
                .doesNotContain("\tat ");

        CommandRun sessions = run("sessions", "--store", store);
        assertThat(sessions.lines()).containsExactly("DAY         SESSION", "2026-11-20  s-1", "2026-11-20  s-2");
        assertThat(run("sessions", "--store", store, "--limit", "1", "--json").out())
                .contains("\"session_id\":\"s-1\"")
                .doesNotContain("\"next\":null");
        assertThat(run("steps", "s-1", "--store", store).lines()).hasSize(3);
        assertThat(run("steps", "none", "--store", store).exitCode()).isEqualTo(ExitCode.PROBLEMS);

        CommandRun summary = run("get", "s-2", "step-1", "-c", config.toString());
        assertThat(summary.out()).contains("https://crawl.example/s-2/step-1", "html", "screenshot", "image/png");
        CommandRun page = run("get", "s-2", "step-1", "--store", store, "--artifact", "html", "--out", "-");
        assertThat(page.bytes()).isEqualTo(Files.readAllBytes(crawl.resolve("s-2/step-1/page.html")));
        Path out = root.resolve("trip-out");
        assertThat(run("get", "s-2", "step-1", "--store", store, "--out", out.toString())
                        .exitCode())
                .isZero();
        for (String file : List.of("page.html", "screenshot.png", "action.json")) {
            assertThat(out.resolve(file))
                    .hasSameBinaryContentAs(crawl.resolve("s-2/step-1").resolve(file));
        }
        assertThat(run("get", "s-2", "step-1", "--store", store, "--out", out.toString())
                        .err())
                .contains("--force");
        assertThat(run("get", "s-2", "none", "--store", store).exitCode()).isEqualTo(ExitCode.PROBLEMS);
        assertThat(run("get", "s-2", "step-1", "--artifact", "none", "--store", store)
                        .err())
                .contains("it has: html, screenshot");

        damage(root.resolve("trip-store"), "s-2", "step-1");
        CommandRun damaged = run("get", "s-2", "step-1", "--store", store, "--artifact", "html", "-o", "-");
        assertThat(damaged.exitCode()).isEqualTo(ExitCode.PROBLEMS);
        assertThat(damaged.errLines()).singleElement().asString().contains("artifact html is damaged");
    }

    @Test
    void refusesACompactedSourceTopic() throws Exception {
        Path config = config("compacted");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(
                            new NewTopic("compacted", 1, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }

        CommandRun created = run("topics", "create", "-c", config.toString());
        assertThat(created.exitCode()).isEqualTo(ExitCode.PROBLEMS);
        assertThat(created.errLines()).singleElement().asString().contains("compacted", "would lose steps");
        CommandRun doctor = run("doctor", "-c", config.toString(), "--json");
        assertThat(doctor.exitCode()).isEqualTo(ExitCode.PROBLEMS);
        assertThat(doctor.out()).contains("\"ok\":false", "\"status\":\"FAIL\",\"subject\":\"captures\"");

        Process worker = startWorker(config);
        try {
            assertThat(worker.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(worker.exitValue()).isEqualTo(ExitCode.COULD_NOT_RUN);
        } finally {
            worker.destroyForcibly();
        }
        assertThat(Files.readString(root.resolve("compacted.err"))).contains("stepvault: the worker cannot go on: ");
    }

    @Test
    void saysWhatIsMissingOnTheCluster() throws Exception {
        Path crawl = crawl("missing", 1, 1);
        String brokers = kafka.bootstrapServers();

        assertThat(run("topics", "list", "-c", config("missing").toString()).exitCode())
                .isEqualTo(ExitCode.PROBLEMS);
        for (CommandRun run : List.of(
                run("publish", crawl.toString(), "-b", brokers, "--topic", "missing"),
                run("completions", "-b", brokers, "--topic", "missing"))) {
            assertThat(run.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(run.errLines())
                    .singleElement()
                    .asString()
                    .contains("topic missing does not exist", "stepvault topics create");
        }
        CommandRun doctor = run("doctor", "-c", config("missing").toString());
        assertThat(doctor.exitCode()).isEqualTo(ExitCode.PROBLEMS);
        assertThat(doctor.out()).contains("FAIL  captures", "create it with `stepvault topics create`");
    }

    @Test
    void saysThatBrokersCannotBeReached() throws Exception {
        String nowhere = "127.0.0.1:1";

        CommandRun published = run("publish", crawl("away", 1, 1).toString(), "-b", nowhere, "--timeout", "6s");

        assertThat(published.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(published.errLines()).hasSize(2).allMatch(line -> line.contains("cannot reach the brokers at"));
        assertThat(published.errLines().get(0)).contains("waiting up to");
    }

    private static CommandRun run(String... arguments) {
        return CommandRun.of(arguments);
    }

    private static Process startWorker(Path config) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx384m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Stepvault.class.getName(),
                "worker",
                "--config",
                config.toString()));
        String name = config.getFileName().toString().replace(".properties", "");
        return new ProcessBuilder(command)
                .redirectOutput(root.resolve(name + ".out").toFile())
                .redirectError(root.resolve(name + ".err").toFile())
                .start();
    }

    private static Path config(String name, String... more) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "kafka.bootstrap.servers=" + kafka.bootstrapServers(),
                "store.uri=" + root.resolve(name + "-store").toUri(),
                "spool.dir=" + root.resolve(name + "-spool"),
                "topic.captures=" + name,
                "topic.completions=" + name + ".completed",
                "topic.dead-letters=" + name + ".dead-letters",
                "group.id=" + name,
                "http.port=0"));
        lines.addAll(List.of(more));
        return Files.write(root.resolve(name + ".properties"), lines);
    }

    private static Path crawl(String name, int sessions, int steps) throws IOException {
        Path crawl = root.resolve(name + "-crawl");
        for (int session = 1; session <= sessions; session++) {
            for (int step = 1; step <= steps; step++) {
                String id = "s-" + session + "/step-" + step;
                Path directory = Files.createDirectories(crawl.resolve(id));
                Files.writeString(directory.resolve("page.html"), "<p>Seite " + id + " \u00e4</p>");
                Files.write(
                        directory.resolve("screenshot.png"), id.repeat(1_000).getBytes(StandardCharsets.US_ASCII));
                Files.writeString(
                        directory.resolve("action.json"),
                        "{\"url\": \"https://crawl.example/" + id + "\", \"captured_at\": \"2026-11-20T08:00:0" + step
                                + "Z\"}\n");
            }
        }
        return crawl;
    }

    private static void damage(Path store, String session, String step) throws IOException {
        Path directory =
                store.resolve("sessions").resolve(session).resolve("steps").resolve(step);
        try (var files = Files.walk(directory)) {
            Path page =
                    files.filter(file -> file.endsWith("page.html")).findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(page);
            bytes[0] ^= 1;
            Files.write(page, bytes);
        }
    }
}
