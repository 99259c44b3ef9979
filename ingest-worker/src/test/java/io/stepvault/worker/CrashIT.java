package io.stepvault.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.StepStore;
import io.stepvault.worker.cli.CommandRun;
import io.stepvault.worker.config.WorkerConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers in processes of their own are killed, at the worst moments, and others go on. */
class CrashIT {
    private static final Map<String, String> COMMITS_ALL_THE_TIME =
            Map.of("commit.interval", "10ms", "batch.max.age", "20ms");

    /** The group waits no longer than it must for a member that was killed. */
    private static final Map<String, String> SOON_MISSED =
            Map.of("kafka.consumer.session.timeout.ms", "3000", "kafka.consumer.heartbeat.interval.ms", "500");

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

    private URI fileStore() {
        return directory.resolve("store").toUri();
    }

    private WorkerConfig config(TestBed bed, Path spool, Map<String, String> more) {
        return config(bed, fileStore(), spool, more);
    }

    private static WorkerConfig config(TestBed bed, URI store, Path spool, Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(SOON_MISSED);
        properties.putAll(more);
        properties.put("spool.dir", spool.toString());
        return bed.config(store.toString(), properties);
    }

    private void assertCompletedOnce(TestBed bed, List<StepCapture> crawl) {
        try (StepStore store = StepStore.open(fileStore())) {
            TestBed.assertInOrder(bed.assertCompletedOnce(store, crawl));
        }
    }

    @Test
    void killedBetweenStoreAndCommitItWritesTheSameAgainAndCompletesOnce() throws Exception {
        try (TestBed bed = new TestBed(kafka, 2).createTopics()) {
            List<StepCapture> first = TestBed.crawl("first", 1, 1);
            List<StepCapture> crawl = TestBed.crawl("killed", 4, 10);
            Path spool = bed.newSpoolDirectory();
            bed.publish(first);
            Map<String, String> before;
            try (WorkerProcess worker =
                    WorkerProcess.start(config(bed, spool, Map.of("commit.interval", "1m")), directory)) {
                // The first commit comes at once; what is published after it is stored long before the second.
                bed.awaitAllCommitted();
                bed.publish(crawl);
                await().atMost(TestBed.PATIENCE).until(() -> stepRecords() == first.size() + crawl.size());
                worker.kill();
                before = content();
            }
            assertThat(bed.committed())
                    .as("so all of the crawl is delivered again")
                    .isNotEqualTo(bed.ends());

            try (IngestWorker worker = IngestWorker.start(config(bed, spool, Map.of()))) {
                assertCompletedOnce(bed, TestBed.concat(List.of(first, crawl)));
                assertThat(worker.ended()).isNotDone();
            }

            assertThat(content()).isEqualTo(before);
        }
    }

    @Test
    void killedInTheMiddleOfTransactionsItCompletesEachBatchOnce() throws Exception {
        int kills = 4;
        Random random = new Random();
        int hits = 0;
        try (TestBed bed = new TestBed(kafka, 3).createTopics();
                BackgroundCrawl crawl = new BackgroundCrawl(bed, 6)) {
            WorkerConfig config = config(bed, bed.newSpoolDirectory(), COMMITS_ALL_THE_TIME);
            // A machine may kill it between two transactions each time, but hardly that often.
            for (int kill = 0; kill < kills || (hits == 0 && kill < 4 * kills); kill++) {
                try (WorkerProcess worker = WorkerProcess.start(config, directory)) {
                    Meters meters = worker.meters();
                    int commits = 3 + random.nextInt(30);
                    await().atMost(TestBed.PATIENCE)
                            .pollInterval(Duration.ofMillis(5))
                            .until(() -> meters.value("stepvault_commits_total") >= commits);
                    worker.kill();
                }
                hits += bed.isTransactionOpen() ? 1 : 0;
            }
            List<StepCapture> all = crawl.end();
            assertThat(hits).as("kills in the middle of a transaction").isPositive();

            try (WorkerProcess worker = WorkerProcess.start(config, directory)) {
                assertCompletedOnce(bed, all);
                worker.kill();
            }
        }
    }

    @Test
    void aTransactionOfAWorkerThatNeverComesBackHoldsItsSuccessorUpOnlyUntilItTimesOut() throws Exception {
        boolean hit = false;
        try (TestBed bed = new TestBed(kafka, 3).createTopics();
                BackgroundCrawl crawl = new BackgroundCrawl(bed, 6)) {
            for (int kill = 0; !hit && kill < 20; kill++) {
                WorkerConfig config = config(bed, bed.newSpoolDirectory(), COMMITS_ALL_THE_TIME);
                try (WorkerProcess worker = WorkerProcess.start(config, directory)) {
                    Meters meters = worker.meters();
                    await().atMost(TestBed.PATIENCE)
                            .pollInterval(Duration.ofMillis(5))
                            .until(() -> meters.value("stepvault_commits_total") >= 5);
                    worker.kill();
                }
                hit = bed.isTransactionOpen();
            }
            List<StepCapture> all = crawl.end();
            assertThat(hit).as("killed in the middle of a transaction").isTrue();

            WorkerConfig config = config(bed, bed.newSpoolDirectory(), COMMITS_ALL_THE_TIME);
            try (IngestWorker successor = IngestWorker.start(config)) {
                assertCompletedOnce(bed, all);
                assertThat(successor.ended()).isNotDone();
            }
        }
    }

    @Test
    void killedWithFilesInTheDiskQueueItAdoptsThemAndReadsNothingAgain() throws Exception {
        try (TestBucket bucket = TestBucket.create();
                TestBed bed = new TestBed(kafka, 3).createTopics()) {
            Path spool = bed.newSpoolDirectory();
            WorkerConfig config = config(bed, bucket.uri(), spool, Map.of());
            List<StepCapture> crawl = TestBed.crawl("spooled", 8, 10);
            bucket.s3.stop();
            bed.publish(crawl);
            spoolAndKill(WorkerProcess.start(config, directory, bucket.environment()), crawl);
            assertThat(bed.committed()).isEmpty();

            try (WorkerProcess worker = WorkerProcess.start(config, directory, bucket.environment())) {
                Meters meters = worker.meters();
                await().atMost(TestBed.PATIENCE)
                        .untilAsserted(() -> assertThat(meters.value("stepvault_records_skipped_total"))
                                .isEqualTo(crawl.size()));
                assertThat(meters.value("stepvault_records_consumed_total")).isZero();
                assertThat(meters.value("stepvault_spool_batches")).isPositive();
                bucket.s3.start();

                try (StepStore store = bucket.reader()) {
                    TestBed.assertInOrder(bed.assertCompletedOnce(store, crawl));
                }
                assertThat(meters.value("stepvault_spool_steps_drained_total")).isEqualTo(crawl.size());
                await().atMost(TestBed.PATIENCE)
                        .untilAsserted(() -> assertThat(queue(spool)).isEmpty());
            }
        }
    }

    @Test
    void aLostDiskQueueLosesNothingAndARescuedOneDoublesNothing() throws Exception {
        try (TestBed bed = new TestBed(kafka, 3).createTopics()) {
            Path lost = bed.newSpoolDirectory();
            List<StepCapture> crawl = TestBed.crawl("lost", 8, 10);
            // A store that is out: where its directory should be, there is a file.
            Path store = Files.createFile(directory.resolve("store"));
            bed.publish(crawl);
            spoolAndKill(WorkerProcess.start(config(bed, lost, Map.of()), directory), crawl);
            Files.delete(store);

            try (IngestWorker worker = IngestWorker.start(config(bed, bed.newSpoolDirectory(), Map.of()))) {
                assertCompletedOnce(bed, crawl);
                assertThat(Meters.of(worker).value("stepvault_records_skipped_total"))
                        .isZero();
            }
            Map<String, String> before = content();
            assertThat(queue(lost)).isNotEmpty();
            CommandRun drained = CommandRun.of(
                    "spool", "drain", lost.toString(), "--store", fileStore().toString());

            assertThat(drained.exitCode()).as(drained.err()).isZero();
            assertThat(content()).isEqualTo(before);
            assertThat(queue(lost)).isEmpty();
            assertCompletedOnce(bed, crawl);
        }
    }

    @Test
    void withoutTransactionsAKillMayRepeatCompletionsButLosesNone() throws Exception {
        Random random = new Random();
        Map<String, String> properties = new HashMap<>(COMMITS_ALL_THE_TIME);
        properties.put("completions.delivery", "at-least-once");
        try (TestBed bed = new TestBed(kafka, 3).createTopics();
                BackgroundCrawl crawl = new BackgroundCrawl(bed, 6)) {
            WorkerConfig config = config(bed, bed.newSpoolDirectory(), properties);
            for (int kill = 0; kill < 3; kill++) {
                try (WorkerProcess worker = WorkerProcess.start(config, directory)) {
                    Meters meters = worker.meters();
                    int commits = 3 + random.nextInt(30);
                    await().atMost(TestBed.PATIENCE)
                            .pollInterval(Duration.ofMillis(5))
                            .until(() -> meters.value("stepvault_commits_total") >= commits);
                    worker.kill();
                }
            }
            List<StepCapture> all = crawl.end();
            try (IngestWorker worker = IngestWorker.start(config);
                    StepStore store = StepStore.open(fileStore())) {
                bed.assertAllCompleted(store, all);
                assertThat(worker.ended()).isNotDone();
            }
        }
    }

    private static void spoolAndKill(WorkerProcess worker, List<StepCapture> crawl) throws Exception {
        try (worker) {
            Meters meters = worker.meters();
            await().atMost(TestBed.PATIENCE)
                    .untilAsserted(() -> assertThat(meters.value("stepvault_spool_steps_written_total"))
                            .isEqualTo(crawl.size()));
            worker.kill();
        }
    }

    private static List<Path> queue(Path spool) throws IOException {
        try (Stream<Path> files = Files.list(spool.resolve("queue"))) {
            return files.toList();
        }
    }

    private long stepRecords() throws IOException {
        Path store = directory.resolve("store");
        if (!Files.isDirectory(store)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(store)) {
            return files.filter(file -> file.endsWith("step.json")).count();
        }
    }

    /** Every object by key. */
    private Map<String, String> content() throws IOException {
        Path store = directory.resolve("store");
        List<Path> objects;
        try (Stream<Path> files = Files.walk(store)) {
            objects = files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains(".tmp"))
                    .toList();
        }
        Map<String, String> content = new TreeMap<>();
        for (Path object : objects) {
            content.put(store.relativize(object).toString(), Files.readString(object));
        }
        return content;
    }
}
