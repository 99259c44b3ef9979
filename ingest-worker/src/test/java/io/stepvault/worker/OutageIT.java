package io.stepvault.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.embedded.front.S3Fault;
import io.stepvault.embedded.front.S3Front;
import io.stepvault.event.BatchStored;
import io.stepvault.event.DeadLetteredStep;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.s3.S3Options;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.worker.store.StoreHealth;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** The store fails in every way that it can, and nothing is lost, doubled or left behind, by either write path. */
@ParameterizedClass
@EnumSource
class OutageIT {
    private static final S3Fault LOST_ANSWER = new S3Fault.LostAnswer();
    /** A store that fails is found out soon, and tried again soon. */
    private static final Map<String, String> QUICK = Map.of(
            "store.retry.max.attempts", "2",
            "store.retry.initial.interval", "20ms",
            "store.breaker.minimum.calls", "2",
            "store.breaker.open.for", "500ms");

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedKafka kafka;

    private final Map<String, String> quick;

    OutageIT(S3Options.WritePath path) {
        this.quick = new HashMap<>(QUICK);
        quick.put("store.s3.write-path", path.name());
    }

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.builder().start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    private IngestWorker start(TestBed bed, TestBucket bucket, Map<String, String> more) throws Exception {
        Map<String, String> properties = new HashMap<>(quick);
        properties.putAll(more);
        return IngestWorker.start(bed.config(bucket.uri().toString(), properties), bucket::watched);
    }

    private static void awaitSpooled(Meters worker, int captures) {
        await().atMost(TestBed.PATIENCE)
                .untilAsserted(() -> assertThat(worker.value("stepvault_spool_steps_written_total"))
                        .isEqualTo(captures));
    }

    private static void awaitHealed(Meters worker) {
        await().atMost(TestBed.PATIENCE).untilAsserted(() -> {
            assertThat(worker.whyNotReady()).isEqualTo("ok\n");
            assertThat(worker.value("stepvault_spool_batches")).isZero();
            assertThat(worker.value("stepvault_spool_used_bytes")).isZero();
        });
    }

    @Test
    void consumptionGoesOnIntoTheDiskQueueWhileTheStoreIsDown() throws Exception {
        try (TestBucket bucket = TestBucket.create();
                TestBed bed = new TestBed(kafka, 3).createTopics();
                IngestWorker worker = start(bed, bucket, Map.of())) {
            Meters meters = Meters.of(worker);
            List<StepCapture> before = TestBed.crawl("before", 5, 4);
            bed.publish(before);
            bed.awaitCompletionsOf(before);
            bed.awaitAllCommitted();
            Map<?, Long> committedBefore = bed.committed();

            bucket.s3.stop();
            List<StepCapture> during = new ArrayList<>();
            // More than once: what waits together shares a file, and these are to be several.
            for (String wave : List.of("wave-1", "wave-2", "wave-3")) {
                List<StepCapture> crawl = TestBed.crawl(wave, 6, 6);
                during.addAll(crawl);
                bed.publish(crawl);
                awaitSpooled(meters, during.size());
            }
            assertThat(meters.value("stepvault_records_consumed_total"))
                    .as("no lag is left")
                    .isEqualTo(before.size() + during.size());
            assertThat(meters.value("stepvault_spool_batches")).isPositive();
            assertThat(meters.value("stepvault_spool_used_bytes")).isPositive();
            assertThat(meters.value("stepvault_partitions_paused")).isZero();
            assertThat(bed.committed()).as("the disk queue settles nothing").isEqualTo(committedBefore);
            assertThat(meters.isAlive()).isTrue();
            assertThat(meters.whyNotReady()).contains("store fails since");
            bucket.s3.start();
            List<StepCapture> after = TestBed.crawl("wave-3", 6, 9).subList(6 * 6, 6 * 9);
            bed.publish(after);

            List<StepCapture> all = TestBed.concat(List.of(before, during, after));
            try (StepStore store = bucket.reader()) {
                TestBed.assertInOrder(bed.assertCompletedOnce(store, all));
            }
            awaitHealed(meters);
            bucket.watch.assertNothingOverwritten();
            assertThat(bed.deadLetters()).isEmpty();
        }
    }

    @Test
    void answersLostAfterSuccessChangeNothing() throws Exception {
        try (TestBucket bucket = TestBucket.create();
                S3Front front = S3Front.before(bucket.s3.endpoint(), 1);
                TestBed bed = new TestBed(kafka, 3).createTopics()) {
            front.fault(LOST_ANSWER, 0.25);
            URI lossy = bucket.uri(front.endpoint());
            Map<String, String> more = new HashMap<>(quick);
            more.put("store.retry.max.attempts", "3");
            try (IngestWorker worker =
                    IngestWorker.start(bed.config(lossy.toString(), more), options -> bucket.watched(lossy, options))) {
                List<StepCapture> crawl = TestBed.crawl("lost", 10, 8);
                bed.publish(crawl);
                await().atMost(TestBed.PATIENCE)
                        .until(() -> front.hits().getOrDefault(LOST_ANSWER.label(), 0L) > crawl.size() / 4);
                front.heal();

                try (StepStore store = bucket.reader()) {
                    TestBed.assertInOrder(bed.assertCompletedOnce(store, crawl));
                }
                awaitHealed(Meters.of(worker));
                bucket.watch.assertNothingOverwritten();
                assertThat(bucket.watch.objects())
                        .as("an html and a commit record each")
                        .isEqualTo(2 * crawl.size());
                assertThat(bed.deadLetters()).isEmpty();
            }
        }
    }

    @Test
    void aMissingBucketIsWaitedForAndSaidOnce() throws Exception {
        try (TestBucket bucket = TestBucket.missing();
                TestBed bed = new TestBed(kafka, 2).createTopics();
                SaidOfTheStore said = new SaidOfTheStore(bucket)) {
            List<StepCapture> crawl = TestBed.crawl("no-bucket", 5, 6);
            bed.publish(crawl);
            try (IngestWorker worker = start(bed, bucket, Map.of())) {
                Meters meters = Meters.of(worker);
                heldUntil(bed, meters, crawl, "the bucket is missing", bucket::make);
                awaitHealed(meters);
            }
            try (StepStore store = bucket.reader()) {
                TestBed.assertInOrder(bed.assertCompletedOnce(store, crawl));
            }
            assertThat(said.errors()).hasSize(1);
            assertThat(bed.deadLetters()).isEmpty();
        }
    }

    @Test
    void accessThatIsDeniedIsWaitedForAndSaidOnce() throws Exception {
        try (TestBucket bucket = TestBucket.create();
                TestBed bed = new TestBed(kafka, 2).createTopics();
                SaidOfTheStore said = new SaidOfTheStore(bucket);
                IngestWorker worker = start(bed, bucket, Map.of())) {
            List<StepCapture> before = TestBed.crawl("before", 2, 2);
            bed.publish(before);
            bed.awaitCompletionsOf(before);

            bucket.signWith("not-the-secret");
            List<StepCapture> during = TestBed.crawl("denied", 5, 6);
            bed.publish(during);
            Meters meters = Meters.of(worker);
            heldUntil(bed, meters, during, "403", () -> bucket.signWith(bucket.s3.secretKey()));

            awaitHealed(meters);
            try (StepStore store = bucket.reader()) {
                TestBed.assertInOrder(bed.assertCompletedOnce(store, TestBed.concat(List.of(before, during))));
            }
            assertThat(said.errors()).hasSize(1);
            assertThat(bed.deadLetters()).isEmpty();
        }
    }

    private static void heldUntil(TestBed bed, Meters meters, List<StepCapture> held, String why, Runnable mended) {
        awaitSpooled(meters, held.size());
        // It is tried again and again all the while.
        double failures = meters.value("stepvault_store_failures_total{kind=\"access\"}");
        assertThat(failures).isPositive();
        assertThat(meters.whyNotReady()).contains("store fails since", why);
        assertThat(meters.isAlive()).isTrue();
        assertThat(bed.deadLetters()).isEmpty();
        mended.run();
    }

    @Test
    void aCaptureThatTheStoreRefusesIsDeadLetteredAndTheRestGoesOn() throws Exception {
        try (TestBucket bucket = TestBucket.create();
                TestBed bed = new TestBed(kafka, 2).createTopics();
                IngestWorker worker = start(bed, bucket, Map.of())) {
            bucket.watch.refuse(key -> key.contains("/crawl-1/steps/step-2/") && key.endsWith(".html"));
            List<StepCapture> crawl = TestBed.crawl("crawl", 4, 6);
            StepCapture refused = crawl.stream()
                    .filter(each -> each.getSessionId().equals("crawl-1")
                            && each.getStepId().equals("step-2"))
                    .findFirst()
                    .orElseThrow();

            bed.publish(crawl);

            List<BatchStored> completions;
            try (StepStore store = bucket.reader()) {
                completions = bed.assertCompletedOnce(
                        store,
                        crawl.stream().filter(each -> !each.equals(refused)).toList());
                assertThat(store.load("crawl-1", "step-2")).isEmpty();
            }
            List<ConsumerRecord<byte[], byte[]>> letters = bed.deadLetters();
            assertThat(letters).hasSize(1);
            assertThat(letters.get(0).value())
                    .isEqualTo(SingleObjectCodec.stepCaptures().encode(refused));
            assertThat(letters.get(0).key()).isEqualTo("crawl-1".getBytes(StandardCharsets.UTF_8));
            assertThat(letters.get(0).headers().lastHeader("stepvault-reason").value())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("refused-by-store");
            List<DeadLetteredStep> named = completions.stream()
                    .flatMap(completion -> completion.getDeadLetters().stream())
                    .toList();
            assertThat(named).singleElement().satisfies(step -> {
                assertThat(step.getReason()).isEqualTo("refused-by-store");
                assertThat(step.getStepId()).contains("step-2");
            });
            assertThat(worker.ended()).isNotDone();
        }
    }

    @Test
    void aFullDiskQueuePausesThePartitionsAndLosesNothing() throws Exception {
        try (TestBucket bucket = TestBucket.create();
                TestBed bed = new TestBed(kafka, 3).createTopics();
                IngestWorker worker = start(
                        bed,
                        bucket,
                        Map.of(
                                "spool.max.bytes", "3MiB",
                                "memory.max.bytes", "4MiB",
                                "capture.max.bytes", "1MiB",
                                "batch.max.bytes", "1MiB",
                                "kafka.consumer.fetch.max.bytes", "1048576"))) {
            Meters meters = Meters.of(worker);
            bucket.s3.stop();
            List<StepCapture> crawl = new ArrayList<>();
            for (StepCapture capture : TestBed.crawl("large", 8, 12)) {
                crawl.add(StepCapture.newBuilder(capture)
                        .setScreenshot(Captures.screenshot(100 << 10))
                        .build());
            }
            bed.publish(crawl);

            await().atMost(TestBed.PATIENCE).untilAsserted(() -> {
                assertThat(meters.value("stepvault_partitions_paused")).isEqualTo(3);
                assertThat(meters.value("stepvault_spool_refusals_total")).isPositive();
            });
            assertThat(meters.value("stepvault_spool_used_bytes"))
                    .isLessThanOrEqualTo(meters.value("stepvault_spool_limit_bytes"));
            assertThat(meters.value("stepvault_records_consumed_total")).isLessThan(crawl.size());
            bucket.s3.start();

            try (StepStore store = bucket.reader()) {
                TestBed.assertInOrder(bed.assertCompletedOnce(store, crawl));
            }
            awaitHealed(meters);
            assertThat(meters.value("stepvault_partitions_paused")).isZero();
            assertThat(bed.deadLetters()).isEmpty();
        }
    }

    /** What the log says of a store's health meanwhile. */
    private static final class SaidOfTheStore extends ListAppender<ILoggingEvent> implements AutoCloseable {
        private final Logger logger = (Logger) LoggerFactory.getLogger(StoreHealth.class);
        private final String endpoint;

        SaidOfTheStore(TestBucket bucket) {
            endpoint = bucket.uri().toString();
            list = new CopyOnWriteArrayList<>();
            start();
            logger.addAppender(this);
        }

        List<String> errors() {
            return list.stream()
                    .filter(event -> event.getLevel() == Level.ERROR)
                    .filter(event -> event.getKeyValuePairs().toString().contains(endpoint))
                    .map(ILoggingEvent::toString)
                    .toList();
        }

        @Override
        public void close() {
            logger.detachAppender(this);
            stop();
        }
    }
}
