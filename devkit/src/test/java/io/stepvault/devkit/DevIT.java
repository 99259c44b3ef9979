package io.stepvault.devkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepvault.capture.Artifacts;
import io.stepvault.capture.StepCaptures;
import io.stepvault.embedded.FreePorts;
import io.stepvault.producer.StepPublisher;
import io.stepvault.storage.StepStore;
import io.stepvault.worker.cli.ExitCode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevIT {
    private static final int PARTITIONS = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;

    private final int port = FreePorts.pick();

    DevIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void keepsItsDataFromStartToStart() throws Exception {
        // given
        try (Dev first = new Dev()) {
            first.awaitWelcome();
            assertThat(first.run.out())
                    .contains("./stepvault publish DIR --bootstrap 127.0.0.1:" + port)
                    .contains("./stepvault sessions --store file:///");
            assertThat(recordsOnTopic()).isEqualTo(24);
            assertThat(viewed(first.run.out(), "")).contains("<title>Stepvault");
            assertThat(viewed(first.run.out(), "api/v1/sessions")).contains("crawl-2026-11-20T0807Z-ecc07b");
            try (StepPublisher publisher = StepPublisher.to("127.0.0.1:" + port).open()) {
                publisher
                        .publishAsync(StepCaptures.of("mine", "one", Instant.parse("2026-11-20T12:00:00Z"))
                                .setHtml(Artifacts.html("<p>mine</p>"))
                                .build())
                        .get(30, TimeUnit.SECONDS);
            }
            // What was not read yet when it stops is stored by the next start, which is another test's.
            await().atMost(PATIENCE).until(() -> pageOfMine().isPresent());

            // when
            assertThat(first.stop()).isEqualTo(ExitCode.DONE);
        }

        // then
        assertThat(pageOfMine()).contains("<p>mine</p>");
        try (Dev second = new Dev()) {
            second.awaitWelcome();
            assertThat(recordsOnTopic())
                    .as("24 of the sample, published once, and mine")
                    .isEqualTo(25);
            assertThat(second.stop()).isEqualTo(ExitCode.DONE);
            assertThat(second.run.out()).contains("Stopped.");
        }
    }

    @Test
    void refusesADirectoryInUse() throws Exception {
        try (Dev first = new Dev()) {
            // given
            first.awaitWelcome();

            // when
            CommandLineRun second = new CommandLineRun();
            int exitCode = second.run("dev", "--dir", directory.toString(), "--http-port", "0");

            // then
            assertThat(exitCode).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(second.err().lines())
                    .singleElement()
                    .asString()
                    .contains(directory.toString())
                    .contains("in use")
                    .contains("--dir");
        }
    }

    /** Dev mode on a thread of its own, which an interrupt stops, as Ctrl-C would. */
    private final class Dev implements AutoCloseable {
        private final CommandLineRun run = new CommandLineRun();
        private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
        private final Thread thread;

        Dev() {
            thread = new Thread(() -> exitCode.complete(run.run(
                    "dev",
                    "--dir",
                    directory.toString(),
                    "--kafka-port",
                    Integer.toString(port),
                    "--http-port",
                    "0",
                    "--viewer-port",
                    "0")));
            thread.start();
        }

        void awaitWelcome() {
            await().atMost(PATIENCE).until(() -> exitCode.isDone() || run.out().contains("Ctrl-C stops it."));
            assertThat(exitCode).as("%s%s", run.out(), run.err()).isNotDone();
        }

        int stop() throws Exception {
            thread.interrupt();
            return exitCode.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        @Override
        public void close() throws Exception {
            stop();
            thread.join();
        }
    }

    /** What the viewer answers whose address stands in the welcome. */
    private static String viewed(String welcome, String path) throws Exception {
        Matcher viewer = Pattern.compile("(?m)^Viewer +(http://\\S+)").matcher(welcome);
        assertThat(viewer.find()).as(welcome).isTrue();
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(viewer.group(1) + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private Optional<String> pageOfMine() {
        try (StepStore store = StepStore.open(directory.resolve("store").toUri())) {
            return store.load("mine", "one").map(step -> new String(step.read("html"), StandardCharsets.UTF_8));
        }
    }

    private long recordsOnTopic() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port))) {
            Map<TopicPartition, OffsetSpec> ends = java.util.stream.IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> new TopicPartition("step-captures", partition))
                    .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
            return admin.listOffsets(ends).all().get().values().stream()
                    .mapToLong(ListOffsetsResultInfo::offset)
                    .sum();
        }
    }
}
