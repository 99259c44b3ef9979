package io.stepvault.devkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.stepvault.devkit.example.ReadExample;
import io.stepvault.embedded.EmbeddedS3;
import io.stepvault.event.StepCapture;
import io.stepvault.server.ReadServer;
import io.stepvault.server.ReadServerOptions;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.storage.StoreOutcome;
import io.stepvault.storage.s3.S3Options;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Runs every example of docs/reading.md as it stands there, and looks what it gives. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadingDocIT {
    private static final Path DOC = Path.of("..", "docs", "reading.md");
    private static final Path EXAMPLE = Path.of("src/test/java/io/stepvault/devkit/example/ReadExample.java");
    private static final String BUCKET = "docs";
    private static final String STEP = "step-0003";

    private final Crawl sample = SampleCrawl.read("");
    private final EmbeddedS3 s3;
    private final StepStore store;
    private final ReadServer server;

    @TempDir
    private Path directory = Path.of("");

    ReadingDocIT() throws IOException {
        s3 = EmbeddedS3.builder().start();
        s3.createBucket(BUCKET);
        store = StepStore.open(
                URI.create("s3://" + BUCKET + "/crawls?endpoint=" + s3.endpoint()),
                StoreOptions.defaults()
                        .withS3(S3Options.defaults()
                                .withCredentials(StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(s3.accessKey(), s3.secretKey())))));
        server = ReadServer.start(store, ReadServerOptions.onLoopback(0));
    }

    @BeforeAll
    void storeTheSample() {
        assertThat(store.store(List.copyOf(sample.captures()))).allMatch(StoreOutcome.Stored.class::isInstance);
    }

    @AfterAll
    void close() {
        server.close();
        store.close();
        s3.close();
    }

    @Test
    void theExamplesInShellGiveWhatTheySay() throws Exception {
        requireCommands("bash", "curl", "aws", "sha256sum");
        StepCapture step = sample.captures().stream()
                .filter(capture -> capture.getStepId().equals(STEP))
                .findFirst()
                .orElseThrow();
        byte[] html = step.getHtml().orElseThrow().getData().array();

        String api = run(block("sh", 0));
        assertThat(api)
                .contains("\"session_id\":\"crawl-2026-11-20T0800Z-029739\"")
                .contains("\"session_id\":\"crawl-2026-11-20T0807Z-ecc07b\"")
                .contains("\"missing_count\":0")
                .contains("\"step_id\":\"step-0012\"")
                .contains("\"url\":\"https://docs.example.org/external-extensions.html\"");

        assertThat(run(block("sh", 1))).isEqualTo(block("text", 0));
        assertThat(directory.resolve(STEP + ".html")).hasBinaryContent(html);
        assertThat(directory.resolve(STEP + ".png"))
                .hasBinaryContent(step.getScreenshot().orElseThrow().getData().array());
        assertThat(directory.resolve(STEP + "-small.jpg")).isNotEmptyFile();

        assertThat(run(block("sh", 2)).lines())
                .containsExactly(
                        "crawls/days/2026-11-20/crawl-2026-11-20T0800Z-029739",
                        "crawls/days/2026-11-20/crawl-2026-11-20T0807Z-ecc07b");

        String sum = run(block("sh", 3)).lines().findFirst().orElseThrow().substring(0, 64);
        assertThat(directory.resolve("page.html")).hasBinaryContent(html);
        assertThat(directory.resolve("step.json")).content().contains("\"sha256\":\"" + sum + "\"");
        assertThat(blocks("sh")).as("blocks that this test runs").hasSize(4);
    }

    @Test
    void theExampleInJavaIsTheOneThatRuns() throws IOException {
        String source = Files.readString(EXAMPLE);
        int from = source.indexOf("// tag::example[]\n") + "// tag::example[]\n".length();
        assertThat(block("java", 0))
                .as("docs/reading.md must show ReadExample.java, from tag to end, to the letter")
                .isEqualTo(source.substring(from, source.indexOf("// end::example[]")));

        URI copy = directory.resolve("store").toUri();
        try (StepStore files = StepStore.open(copy)) {
            files.store(List.copyOf(sample.captures()));
        }
        String printed = printedBy(() -> ReadExample.main(
                new String[] {copy.toString(), directory.resolve("java.html").toString()}));

        assertThat(printed).isEqualTo(block("text", 1));
        assertThat(directory.resolve("java.html")).isNotEmptyFile();
    }

    private static String block(String language, int number) throws IOException {
        return blocks(language).get(number);
    }

    private static List<String> blocks(String language) throws IOException {
        return Pattern.compile("(?ms)^```" + language + "\n(.*?)^```")
                .matcher(Files.readString(DOC))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }

    /** Where continuous integration runs, they are there. */
    private static void requireCommands(String... commands) {
        List<String> missing = Arrays.stream(commands)
                .filter(command -> Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                        .noneMatch(path -> Files.isExecutable(Path.of(path, command))))
                .toList();
        if (!missing.isEmpty() && !"true".equals(System.getenv("CI"))) {
            System.err.println("SKIPPED: the examples of docs/reading.md, since there is no " + missing);
            assumeTrue(false, "no " + missing);
        }
        assertThat(missing).as("commands that the examples need").isEmpty();
    }

    private String run(String script) throws Exception {
        ProcessBuilder bash = new ProcessBuilder("bash", "-euo", "pipefail", "-c", awsOfThisServer() + script);
        Map<String, String> environment = bash.environment();
        environment.put("API", server.uri().resolve("/api/v1").toString());
        environment.put("BUCKET", BUCKET);
        environment.put("PREFIX", "crawls");
        environment.put("AWS_ACCESS_KEY_ID", s3.accessKey());
        environment.put("AWS_SECRET_ACCESS_KEY", s3.secretKey());
        environment.put("AWS_DEFAULT_REGION", "us-east-1");
        environment.put("AWS_EC2_METADATA_DISABLED", "true");
        environment.put("HOME", directory.toString());
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process = bash.directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue())
                .as("%s%n%s%s", script, Files.readString(out), Files.readString(err))
                .isZero();
        return Files.readString(out);
    }

    private String awsOfThisServer() {
        return "aws() { command aws --endpoint-url '" + s3.endpoint() + "' \"$@\"; }\n";
    }

    @FunctionalInterface
    private interface Printing {
        void run() throws IOException;
    }

    private static String printedBy(Printing printing) throws IOException {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            printing.run();
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
