package io.stepvault.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.StepStore;
import io.stepvault.worker.config.WorkerConfig;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The disk queue's files are damaged, or outlive their records on the topic. */
class SpoolDamageIT {
    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedKafka kafka;

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.builder().start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    private static WorkerConfig config(TestBed bed, TestBucket bucket, Path spool) {
        return bed.config(
                bucket.uri().toString(),
                Map.of(
                        "spool.dir", spool.toString(),
                        "shutdown.timeout", "1s",
                        "store.retry.max.attempts", "1",
                        "store.breaker.minimum.calls", "2",
                        "store.breaker.open.for", "500ms"));
    }

    /** Has a worker write several files, one after the other. */
    private static List<StepCapture> spool(TestBed bed, IngestWorker worker) {
        List<StepCapture> all = new ArrayList<>();
        for (String wave : List.of("wave-1", "wave-2", "wave-3")) {
            List<StepCapture> crawl = TestBed.crawl(wave, 6, 5);
            bed.publish(crawl);
            all.addAll(crawl);
            await().atMost(TestBed.PATIENCE)
                    .untilAsserted(() -> assertThat(Meters.of(worker).value("stepvault_spool_steps_written_total"))
                            .isEqualTo(all.size()));
        }
        return all;
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    /** One near the end, in the last batch: what is not payload is not looked at again once it was. */
    private static void flipAByteIn(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            long place = bytes.length() - 40;
            bytes.seek(place);
            int value = bytes.read();
            bytes.seek(place);
            bytes.write(value ^ 1);
        }
    }

    private static void tear(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.setLength(bytes.length() * 2 / 3);
        }
    }

    private static void assertCompletedOnce(TestBed bed, TestBucket bucket, List<StepCapture> crawl) {
        try (StepStore store = bucket.reader()) {
            bed.assertCompletedOnce(store, crawl);
        }
        bucket.watch.assertNothingOverwritten();
        assertThat(bed.deadLetters()).isEmpty();
    }

    @Test
    void filesDamagedWhileTheWorkerWasDownAreMovedAsideAndTheirRecordsReadAgain() throws Exception {
        try (TestBucket bucket = TestBucket.create();
                TestBed bed = new TestBed(kafka, 2).createTopics()) {
            Path spool = bed.newSpoolDirectory();
            WorkerConfig config = config(bed, bucket, spool);
            List<StepCapture> crawl;
            bucket.s3.stop();
            try (IngestWorker worker = IngestWorker.start(config, bucket::watched)) {
                crawl = spool(bed, worker);
            }
            List<Path> files = files(spool.resolve("queue"));
            assertThat(files).hasSizeGreaterThanOrEqualTo(3);
            flipAByteIn(files.get(0));
            tear(files.get(1));
            bucket.s3.start();

            try (IngestWorker worker = IngestWorker.start(config, bucket::watched)) {
                assertCompletedOnce(bed, bucket, crawl);
                assertThat(Meters.of(worker).value("stepvault_spool_steps_drained_total"))
                        .as("what is intact is not read again")
                        .isPositive();
            }
            assertThat(files(spool.resolve("corrupt"))).hasSize(2);
            assertThat(files(spool.resolve("queue"))).isEmpty();
        }
    }

    @Test
    void filesDamagedAfterTheirBatchesWereAdoptedHaveTheWorkerGoBack() throws Exception {
        try (TestBucket bucket = TestBucket.create();
                TestBed bed = new TestBed(kafka, 2).createTopics()) {
            Path spool = bed.newSpoolDirectory();
            WorkerConfig config = config(bed, bucket, spool);
            List<StepCapture> crawl;
            bucket.s3.stop();
            try (IngestWorker worker = IngestWorker.start(config, bucket::watched)) {
                crawl = spool(bed, worker);
            }
            List<Path> files = files(spool.resolve("queue"));

            try (IngestWorker worker = IngestWorker.start(config, bucket::watched)) {
                Meters meters = Meters.of(worker);
                await().atMost(TestBed.PATIENCE)
                        .untilAsserted(() -> assertThat(meters.value("stepvault_records_skipped_total"))
                                .isEqualTo(crawl.size()));
                flipAByteIn(files.get(0));
                tear(files.get(1));
                bucket.s3.start();

                assertCompletedOnce(bed, bucket, crawl);
                assertThat(meters.value("stepvault_spool_batches_corrupt_total"))
                        .isPositive();
                assertThat(meters.value("stepvault_records_consumed_total"))
                        .as("read again")
                        .isPositive();
                await().atMost(TestBed.PATIENCE)
                        .untilAsserted(
                                () -> assertThat(files(spool.resolve("queue"))).isEmpty());
            }
            assertThat(files(spool.resolve("corrupt"))).hasSize(2);
        }
    }

    @Test
    void whatRetentionHasPassedIsStoredFromTheDiskAndTheRestIsCounted() throws Exception {
        try (TestBucket bucket = TestBucket.create();
                TestBed bed = new TestBed(kafka, 2).createTopics()) {
            Path spool = bed.newSpoolDirectory();
            WorkerConfig config = config(bed, bucket, spool);
            List<StepCapture> crawl;
            // A group without a committed offset would begin with what is left, and not know what it has missed.
            List<StepCapture> first = TestBed.crawl("first", 6, 2);
            bed.publish(first);
            try (IngestWorker worker = IngestWorker.start(config, bucket::watched)) {
                bed.awaitAllCommitted();
                assertThat(bed.committed()).hasSize(2);
                bucket.s3.stop();
                crawl = spool(bed, worker);
            }
            List<StepCapture> neverRead = TestBed.crawl("never-read", 6, 5);
            bed.publish(neverRead);
            bed.removeAllRecords();
            bucket.s3.start();

            try (IngestWorker worker = IngestWorker.start(config, bucket::watched)) {
                Meters meters = Meters.of(worker);
                await().atMost(TestBed.PATIENCE)
                        .untilAsserted(() -> assertThat(meters.value("stepvault_offsets_lost_total"))
                                .isEqualTo(neverRead.size()));
                List<StepCapture> after = TestBed.crawl("after", 6, 2);
                bed.publish(after);

                assertCompletedOnce(bed, bucket, TestBed.concat(List.of(first, crawl, after)));
                assertThat(meters.value("stepvault_offsets_lost_total")).isEqualTo(neverRead.size());
            }
        }
    }
}
