package io.stepvault.devkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.devkit.readback.TamperingStore;
import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.embedded.EmbeddedS3;
import io.stepvault.storage.StepStore;
import io.stepvault.worker.cli.ExitCode;
import io.stepvault.worker.cli.Stepvault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {
    private static final String ACCESS_KEY = "aws.accessKeyId";
    private static final String SECRET_KEY = "aws.secretAccessKey";

    private final Path directory;

    DemoIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @AfterEach
    void forgetCredentials() {
        System.clearProperty(ACCESS_KEY);
        System.clearProperty(SECRET_KEY);
    }

    @Test
    void storesTheSampleCrawlAndKeepsIt() throws Exception {
        // when
        CommandLineRun demo = new CommandLineRun();
        int exitCode = demo.run("demo", "--dir", directory.toString());

        // then
        assertThat(exitCode).as("%s%s", demo.out(), demo.err()).isEqualTo(ExitCode.DONE);
        assertThat(demo.out())
                .contains("All 24 steps, 48 artifacts, ")
                .contains("read back with the SHA-256 of what was published")
                .containsPattern("crawl-2026-11-20T0800Z-029739 +12 +12 +12 +24 artifacts")
                .containsPattern("crawl-2026-11-20T0807Z-ecc07b +12 +12 +12 +24 artifacts")
                .contains("Audit  topic against store: 24 captures and 48 artifacts as published, all accounted for")
                .containsPattern("Files +file:///");
        assertThat(files("page.html")).hasSize(24);
        assertThat(files("screenshot.png")).hasSize(24);
        assertThat(files("step.json")).hasSize(24);
    }

    @Test
    void namesAnArtifactThatWasTamperedWith() {
        // when
        CommandLineRun demo = new CommandLineRun();
        int exitCode = demo.runIn(
                console -> Stepvault.commandLine(console)
                        .addSubcommand(
                                new DemoCommand(console, uri -> new TamperingStore(StepStore.open(uri), "step-0007"))),
                "demo",
                "--dir",
                directory.toString());

        // then
        assertThat(exitCode).isEqualTo(ExitCode.PROBLEMS);
        assertThat(demo.out().lines().filter(line -> line.startsWith("DIFFERS")))
                .hasSize(2)
                .anySatisfy(line ->
                        assertThat(line).contains("session crawl-2026-11-20T0800Z-029739, step step-0007, html"))
                .anySatisfy(line ->
                        assertThat(line).contains("session crawl-2026-11-20T0807Z-ecc07b, step step-0007, html"));
        assertThat(demo.out()).contains("23 of 24 artifacts").doesNotContain("All 24 steps");
    }

    @Test
    void runsOnServersOfTheUserAgainAndAgain() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().start();
                EmbeddedS3 s3 = EmbeddedS3.builder().start()) {
            // given
            s3.createBucket("captures");
            useCredentialsOf(s3);
            String[] arguments = {
                "demo",
                "--dir",
                directory.toString(),
                "--bootstrap",
                kafka.bootstrapServers(),
                "--store",
                "s3://captures/demo?region=us-east-1&endpoint=" + s3.endpoint()
            };

            for (int round = 1; round <= 2; round++) {
                // when
                CommandLineRun demo = new CommandLineRun();
                int exitCode = demo.run(arguments);

                // then
                assertThat(exitCode).as("%s%s", demo.out(), demo.err()).isEqualTo(ExitCode.DONE);
                assertThat(demo.out())
                        .contains("All 24 steps, 48 artifacts, ")
                        .contains("24 captures and 48 artifacts as published, all accounted for");
            }
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                assertThat(admin.listTopics().names().get())
                        .contains("stepvault-demo", "stepvault-demo.completed", "stepvault-demo.dead-letters")
                        .doesNotContain("step-captures");
                assertThat(admin.listGroups().all().get()).isEmpty();
            }
        }
    }

    @Test
    void saysAtOnceThatTheBucketIsMissing() {
        try (EmbeddedS3 s3 = EmbeddedS3.builder().start()) {
            // given
            useCredentialsOf(s3);

            // when
            CommandLineRun demo = new CommandLineRun();
            int exitCode = demo.run(
                    "demo",
                    "--dir",
                    directory.toString(),
                    "--store",
                    "s3://missing?region=us-east-1&endpoint=" + s3.endpoint());

            // then
            assertThat(exitCode).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(demo.out()).isEmpty();
            assertThat(demo.err()).startsWith("stepvault: ").contains("missing");
        }
    }

    private static void useCredentialsOf(EmbeddedS3 s3) {
        System.setProperty(ACCESS_KEY, s3.accessKey());
        System.setProperty(SECRET_KEY, s3.secretKey());
    }

    private List<Path> files(String name) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(path -> path.endsWith(name)).toList();
        }
    }
}
