package io.stepvault.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.event.BatchStored;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.ObjectStepStore;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.storage.file.FileObjectStore;
import io.stepvault.worker.config.WorkerConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Partitions move from worker to worker while batches are under way. */
class RebalanceIT {
    private static final Logger log = LoggerFactory.getLogger(RebalanceIT.class);

    private static final int PARTITIONS = 6;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedKafka kafka;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    private Path directory;

    @BeforeAll
    static void startKafka() {
        // Its session timeout for group.protocol=consumer is six seconds, as doctor asks operators for.
        kafka = EmbeddedKafka.builder().start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    private static void awaitShares(Meters one, Meters other) {
        await().atMost(TestBed.PATIENCE).untilAsserted(() -> {
            assertThat(one.value("stepvault_partitions_assigned")).isEqualTo(PARTITIONS / 2.0);
            assertThat(other.value("stepvault_partitions_assigned")).isEqualTo(PARTITIONS / 2.0);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void thePartitionsOfAKilledWorkerMakeProgressElsewhere(String protocol) throws Exception {
        Map<String, String> properties = Map.of("kafka.consumer.group.protocol", protocol);
        String store = directory.resolve("store").toUri().toString();
        try (TestBed bed = new TestBed(kafka, PARTITIONS).createTopics();
                WorkerProcess dies = WorkerProcess.start(bed.config(store, properties), directory);
                IngestWorker stays = IngestWorker.start(bed.config(store, properties))) {
            awaitShares(dies.meters(), Meters.of(stays));
            try (BackgroundCrawl crawl = new BackgroundCrawl(bed, 4 * PARTITIONS)) {
                await().atMost(TestBed.PATIENCE).until(() -> dies.meters().value("stepvault_commits_total") > 5);

                dies.kill();
                Instant killed = Instant.now();
                await().atMost(TestBed.PATIENCE)
                        .until(() -> firstAfter(killed, bed).size() == PARTITIONS);
                firstAfter(killed, bed).values().stream()
                        .max(Duration::compareTo)
                        .ifPresent(longest -> log.atInfo()
                                .addKeyValue("protocol", protocol)
                                .addKeyValue("after", longest)
                                .log("Partitions of the killed worker made progress"));
                List<StepCapture> all = crawl.end();
                try (StepStore reader = StepStore.open(URI.create(store))) {
                    TestBed.assertInOrder(bed.assertCompletedOnce(reader, all));
                }
            }
        }
    }

    /** How long after an instant each partition had a batch stored and completed. */
    private static Map<Integer, Duration> firstAfter(Instant instant, TestBed bed) {
        Map<Integer, Duration> first = new HashMap<>();
        for (BatchStored completion : bed.completions()) {
            if (completion.getStoredAt().isAfter(instant)) {
                first.merge(
                        completion.getSource().getPartition(),
                        Duration.between(instant, completion.getStoredAt()),
                        (one, other) -> one.compareTo(other) < 0 ? one : other);
            }
        }
        return first;
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void workersComeAndGoWhileBatchesAreInFlight(String protocol) throws Exception {
        Map<String, String> properties = Map.of(
                "kafka.consumer.group.protocol", protocol,
                "store.max.puts.in.flight", "16",
                "batch.max.age", "100ms");
        StoreWatch watch = new StoreWatch().slow(Duration.ofMillis(20));
        Path root = directory.resolve("store");
        Function<StoreOptions, StepStore> slow = options -> new ObjectStepStore(
                watch.over(FileObjectStore.open(root, ForkJoinPool.commonPool(), options.clock())), "", options);
        try (TestBed bed = new TestBed(kafka, PARTITIONS).createTopics();
                BackgroundCrawl crawl = new BackgroundCrawl(bed, PARTITIONS);
                IngestWorker stays = start(bed, root, slow, properties)) {
            for (int time = 0; time < 2; time++) {
                try (IngestWorker comes = start(bed, root, slow, properties);
                        IngestWorker another = start(bed, root, slow, properties)) {
                    awaitWork(Meters.of(comes));
                    awaitWork(Meters.of(another));
                    another.close();
                    awaitWork(Meters.of(comes));
                }
                awaitWork(Meters.of(stays));
            }
            List<StepCapture> all = crawl.end();
            try (StepStore reader = StepStore.open(root.toUri())) {
                TestBed.assertInOrder(bed.assertCompletedOnce(reader, all));
            }
            watch.assertNothingOverwritten();
            assertThat(stays.ended()).isNotDone();
        }
    }

    private static IngestWorker start(
            TestBed bed, Path root, Function<StoreOptions, StepStore> store, Map<String, String> properties)
            throws IOException {
        return IngestWorker.start(bed.config(root.toUri().toString(), properties), store);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aWorkerThatStoodStillUntilItsPartitionsWereGoneDoublesNothing(String protocol) throws Exception {
        Map<String, String> properties = new HashMap<>(Map.of(
                "kafka.consumer.group.protocol", protocol,
                "commit.interval", "10ms",
                "batch.max.age", "20ms"));
        if (protocol.equals("classic")) {
            properties.put("kafka.consumer.session.timeout.ms", "3000");
            properties.put("kafka.consumer.heartbeat.interval.ms", "500");
        }
        String store = directory.resolve("store").toUri().toString();
        try (TestBed bed = new TestBed(kafka, PARTITIONS).createTopics();
                WorkerProcess freezes = WorkerProcess.start(bed.config(store, properties), directory);
                IngestWorker stays = IngestWorker.start(bed.config(store, properties))) {
            Meters frozen = freezes.meters();
            awaitShares(frozen, Meters.of(stays));
            try (BackgroundCrawl crawl = new BackgroundCrawl(bed, 4 * PARTITIONS)) {
                awaitWork(frozen);
                freezes.freeze();
                await().atMost(TestBed.PATIENCE)
                        .until(() -> Meters.of(stays).value("stepvault_partitions_assigned") == PARTITIONS);
                awaitWork(Meters.of(stays));
                freezes.thaw();
                awaitShares(frozen, Meters.of(stays));
                awaitWork(frozen);

                List<StepCapture> all = crawl.end();
                try (StepStore reader = StepStore.open(URI.create(store))) {
                    TestBed.assertInOrder(bed.assertCompletedOnce(reader, all));
                }
            }
        }
    }

    @Test
    void partitionsMoveWhileTheirBatchesWaitOnTheDisk() throws Exception {
        Map<String, String> properties = Map.of(
                "store.retry.max.attempts", "1",
                "store.breaker.minimum.calls", "2",
                "store.breaker.open.for", "500ms",
                "shutdown.timeout", "1s");
        try (TestBucket bucket = TestBucket.create();
                TestBed bed = new TestBed(kafka, PARTITIONS).createTopics()) {
            bucket.s3.stop();
            List<StepCapture> crawl = TestBed.crawl("moving", 4 * PARTITIONS, 5);
            bed.publish(crawl);
            WorkerConfig visitor = bed.config(bucket.uri().toString(), properties);
            try (IngestWorker stays = start(bed, bucket, properties)) {
                Meters meters = Meters.of(stays);
                awaitSpooled(meters, crawl.size());
                try (IngestWorker visits = IngestWorker.start(visitor, bucket::watched)) {
                    awaitShares(meters, Meters.of(visits));
                    // What the first has on its disk is nothing to the second, which reads it from the topic.
                    await().atMost(TestBed.PATIENCE)
                            .until(() -> Meters.of(visits).value("stepvault_spool_batches") > 0);
                }
                await().atMost(TestBed.PATIENCE)
                        .until(() -> meters.value("stepvault_partitions_assigned") == PARTITIONS);
                bucket.s3.start();
                try (StepStore reader = bucket.reader()) {
                    bed.assertCompletedOnce(reader, crawl);
                    try (IngestWorker visits = IngestWorker.start(visitor, bucket::watched)) {
                        await().atMost(TestBed.PATIENCE).untilAsserted(() -> {
                            assertThat(Meters.of(visits).value("stepvault_spool_steps_drained_uncompleted_total"))
                                    .isPositive();
                            assertThat(Meters.of(visits).value("stepvault_spool_batches"))
                                    .isZero();
                        });
                    }
                    bed.assertCompletedOnce(reader, crawl);
                }
                await().atMost(TestBed.PATIENCE)
                        .untilAsserted(() -> assertThat(meters.value("stepvault_spool_batches"))
                                .isZero());
            }
            bucket.watch.assertNothingOverwritten();
        }
    }

    private static void awaitSpooled(Meters worker, int captures) {
        await().atMost(TestBed.PATIENCE)
                .untilAsserted(() -> assertThat(worker.value("stepvault_spool_steps_written_total"))
                        .isEqualTo(captures));
    }

    private static IngestWorker start(TestBed bed, TestBucket bucket, Map<String, String> properties) throws Exception {
        WorkerConfig config = bed.config(bucket.uri().toString(), properties);
        return IngestWorker.start(config, bucket::watched);
    }

    /** Waits until a worker stores and commits, from now on. */
    private static void awaitWork(Meters worker) {
        double before = worker.value("stepvault_completions_published_total");
        await().atMost(TestBed.PATIENCE)
                .until(() -> worker.value("stepvault_completions_published_total") > before + 3);
    }
}
