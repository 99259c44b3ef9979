package io.stepvault.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepvault.capture.Artifacts;
import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.embedded.EmbeddedS3;
import io.stepvault.event.BatchStored;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.worker.config.WorkerConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

class IngestWorkerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedKafka kafka;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    private Path directory;

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.builder().start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    private String fileStore() {
        return directory.resolve("store").toUri().toString();
    }

    private static StepStore open(EmbeddedS3 s3, URI uri, StoreOptions options) {
        return StepStore.open(
                uri,
                options.withS3(options.s3()
                        .withCredentials(StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(s3.accessKey(), s3.secretKey())))));
    }

    private static HttpResponse<String> get(IngestWorker worker, String path) {
        URI uri = URI.create("http://127.0.0.1:" + worker.httpPort() + path);
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitReady(IngestWorker worker) {
        await().atMost(PATIENCE).until(() -> get(worker, "/health/ready").statusCode() == 200);
    }

    @Test
    void aCrawlIsStoredInS3CompletedAndReadBack() throws Exception {
        try (EmbeddedS3 s3 = EmbeddedS3.builder().start();
                TestBed bed = new TestBed(kafka, 4).createTopics()) {
            s3.createBucket("captures");
            URI uri = URI.create("s3://captures/crawls?endpoint=" + s3.endpoint());
            List<StepCapture> crawl = new ArrayList<>(TestBed.crawl("crawl", 5, 20));
            byte[] large = new byte[3 << 20];
            new Random(1).nextBytes(large);
            crawl.add(Captures.aStep("../hostile/\u0000\uD83D\uDE00", ".")
                    .setScreenshot(Artifacts.png(new byte[0]))
                    .setAttachments(Map.of("../../etc/passwd", Artifacts.of("application/x-har", new byte[] {0, 1, 2})))
                    .build());
            bed.publish(crawl);

            List<BatchStored> completions;
            WorkerConfig config = bed.config(uri.toString(), Map.of());
            try (IngestWorker worker = IngestWorker.start(config, options -> open(s3, uri, options))) {
                completions = bed.awaitCompletionsOf(crawl);
                assertThat(get(worker, "/metrics").body())
                        .contains("stepvault_steps_stored_total " + (double) crawl.size())
                        .contains("kafka_consumer_")
                        .contains("resilience4j_circuitbreaker_state");
                assertThat(get(worker, "/health/ready").body()).isEqualTo("ok\n");
            }

            TestBed.assertInOrder(completions);
            assertThat(bed.committed()).isEqualTo(bed.ends());
            try (StepStore store = open(s3, uri, StoreOptions.defaults())) {
                TestBed.assertReadable(store, crawl);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aGracefulStopLeavesNothingUncommitted(String groupProtocol) throws Exception {
        try (TestBed bed = new TestBed(kafka, 4).createTopics()) {
            WorkerConfig config = bed.config(
                    fileStore(),
                    Map.of(
                            "kafka.consumer.group.protocol", groupProtocol,
                            // Long enough that only the stop itself can flush and commit.
                            "batch.max.age", "10m",
                            "commit.interval", "1m"));
            List<StepCapture> crawl = TestBed.crawl("graceful", 6, 10).stream()
                    .map(capture -> StepCapture.newBuilder(capture)
                            .setEndOfSession(false)
                            .build())
                    .toList();
            bed.publish(crawl);

            try (IngestWorker worker = IngestWorker.start(config)) {
                await().atMost(PATIENCE)
                        .until(() -> get(worker, "/metrics").body().contains("stepvault_records_consumed_total 60.0"));
                assertThat(bed.committed()).isEmpty();
            }

            assertThat(bed.committed()).isEqualTo(bed.ends());
            TestBed.assertInOrder(bed.awaitCompletionsOf(crawl));
            try (StepStore store = StepStore.open(URI.create(fileStore()))) {
                TestBed.assertReadable(store, crawl);
            }
        }
    }

    @Test
    void twoWorkersShareThePartitionsAndNothingIsLostWhenOneLeaves() throws Exception {
        try (TestBed bed = new TestBed(kafka, 6).createTopics()) {
            List<StepCapture> crawl = new ArrayList<>();
            try (IngestWorker stays = IngestWorker.start(bed.config(fileStore(), Map.of()))) {
                try (IngestWorker leaves = IngestWorker.start(bed.config(fileStore(), Map.of()))) {
                    await().atMost(PATIENCE)
                            .until(() -> get(stays, "/metrics").body().contains("stepvault_partitions_assigned 3.0")
                                    && get(leaves, "/metrics").body().contains("stepvault_partitions_assigned 3.0"));
                    List<StepCapture> together = TestBed.crawl("together", 12, 10);
                    bed.publish(together);
                    crawl.addAll(together);
                }
                List<StepCapture> alone = TestBed.crawl("alone", 12, 5);
                bed.publish(alone);
                crawl.addAll(alone);
                bed.awaitCompletionsOf(crawl);
                assertThat(get(stays, "/metrics").body()).contains("stepvault_partitions_assigned 6.0");
            }

            List<BatchStored> completions = bed.awaitCompletionsOf(crawl);
            assertThat(completions.stream().map(BatchStored::getCompletionId))
                    .as("a leave in good order repeats nothing")
                    .doesNotHaveDuplicates();
            assertThat(bed.committed()).isEqualTo(bed.ends());
            try (StepStore store = StepStore.open(URI.create(fileStore()))) {
                TestBed.assertReadable(store, crawl);
            }
        }
    }

    @Test
    void brokersThatGoAndComeBackAreWaitedFor() throws Exception {
        try (EmbeddedKafka own = EmbeddedKafka.builder().start();
                TestBed bed = new TestBed(own, 2).createTopics()) {
            own.stop(1);
            try (IngestWorker worker = IngestWorker.start(bed.config(fileStore(), Map.of()))) {
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(get(worker, "/health/ready").body())
                                        .as("at the start")
                                        .contains("the brokers at " + own.bootstrapServers() + " do not answer"));
                own.start(1);
                List<StepCapture> before = TestBed.crawl("before", 3, 4);
                bed.publish(before);
                bed.awaitCompletionsOf(before);

                own.stop(1);
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(get(worker, "/health/ready").body())
                                        .as("later")
                                        .contains("do the brokers run?"));
                assertThat(get(worker, "/health/live").statusCode()).isEqualTo(200);
                own.start(1);
                List<StepCapture> after = TestBed.crawl("after", 3, 4);
                bed.publish(after);
                bed.awaitCompletionsOf(after);
                awaitReady(worker);
            }
            assertThat(bed.committed()).isEqualTo(bed.ends());
        }
    }

    @Test
    void recordsThatCanNeverBeStoredDoNotHoldTheirPartitionUp() throws Exception {
        try (TestBed bed = new TestBed(kafka, 1).createTopics()) {
            bed.publish("s1", new byte[] {1, 2, 3});
            bed.publish("s1", new byte[0]);
            List<StepCapture> good = TestBed.crawl("good", 1, 3);
            bed.publish(List.of(Captures.aStep("", "no-session").build()));
            bed.publish(good);

            try (IngestWorker worker = IngestWorker.start(bed.config(fileStore(), Map.of()))) {
                bed.awaitCompletionsOf(good);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(get(worker, "/metrics").body())
                                .contains("stepvault_dead_letters_total{reason=\"undecodable\"} 2.0")
                                .contains("stepvault_dead_letters_total{reason=\"invalid-session-id\"} 1.0"));
            }
            assertThat(bed.committed()).isEqualTo(bed.ends());
        }
    }

    @Test
    void waitsForItsTopicAndSaysWhatToDo() throws Exception {
        try (TestBed bed = new TestBed(kafka, 1)) {
            try (IngestWorker worker = IngestWorker.start(bed.config(fileStore(), Map.of()))) {
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(get(worker, "/health/ready").body())
                                        .contains("topic " + bed.topic + " does not exist: create it with"));

                bed.createTopics();

                awaitReady(worker);
            }
        }
    }
}
