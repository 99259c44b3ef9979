package io.stepvault.bench.sizes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.event.CompletedArtifact;
import io.stepvault.event.CompletedStep;
import io.stepvault.event.StepCapture;
import io.stepvault.producer.OverflowPolicy;
import io.stepvault.producer.PublishResult;
import io.stepvault.producer.StepPublisher;
import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.Chunking;
import io.stepvault.wire.SingleObjectCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sizes drill. Each test runs a worker with nothing but {@code -Xmx}, and with its defaults but for what is said
 * where it is set.
 */
class SizesIT {
    private static final Logger log = LoggerFactory.getLogger(SizesIT.class);

    private static final int MIB = 1 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(15); // nothing here is about time
    private static final long BULK_BYTES = Long.getLong("stepvault.sizes.bulk.bytes", 2_000_000_000L);

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedKafka kafka;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    private Path directory;

    private final LargeCaptures captures = new LargeCaptures();

    @SuppressWarnings("NullAway.Init") // set before each test
    private DiscardingS3 s3;

    @SuppressWarnings("NullAway.Init") // set before each test
    private DrillTopics topics;

    @SuppressWarnings("NullAway.Init") // set before each test
    private String name;

    private Instant begun = Instant.now();

    @BeforeAll
    static void startKafka() {
        // So that records that were deleted leave the disk soon.
        kafka = EmbeddedKafka.builder()
                .property("log.retention.check.interval.ms", "1000")
                .start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @BeforeEach
    void prepare(TestInfo test) throws IOException {
        assumeTrue(ResidentSet.isKnown(), "NOT TESTED: this system has no /proc to read a process's memory from");
        name = test.getDisplayName();
        s3 = DiscardingS3.start();
        topics = DrillTopics.create(kafka.bootstrapServers());
        begun = Instant.now();
    }

    @AfterEach
    void cleanUp() {
        topics.close();
        s3.close();
    }

    @Test
    void gigabytesInCapturesOf180Kilobytes() throws IOException {
        int capture = 180_000;
        long count = BULK_BYTES / capture;
        long mostAhead = 600_000_000 / capture; // the broker's disk need not hold it all
        try (DrillWorker worker = startWorker("-Xmx256m", Map.of())) {
            try (StepPublisher publisher = publisher()) {
                for (int number = 0; number < count; number++) {
                    publish(publisher, captures.capture("s" + number % 1_000, "p" + number, 100_000, 80_000));
                    if (number % 1_000 == 999) {
                        long published = number;
                        await(worker, () -> published - topics.settledRecords() < mostAhead);
                        topics.deleteSettled();
                    }
                }
            }
            assertAllWentWell(worker, 450_000_000);
        }
    }

    @Test
    void tenThousandOpenSessions() throws IOException {
        int sessions = 10_000;
        // Nothing but the end of its session closes a batch: so all are open at the same time, however slow the
        // machine.
        try (DrillWorker worker = startWorker("-Xmx256m", Map.of("batch.max.age", "1h"))) {
            try (StepPublisher publisher = publisher()) {
                for (int session = 0; session < sessions; session++) {
                    publish(publisher, captures.capture("s" + session, "first", 2_000, 0));
                }
                await(worker, () -> worker.metric("stepvault_records_consumed_total") == sessions);
                assertThat(worker.metric("stepvault_batches_open")).isEqualTo(sessions);
                for (int session = 0; session < sessions; session++) {
                    publish(
                            publisher,
                            StepCapture.newBuilder(captures.capture("s" + session, "last", 2_000, 0))
                                    .setEndOfSession(true)
                                    .build());
                }
            }
            assertAllWentWell(worker, 450_000_000);
        }
    }

    @Test
    void capturesOf32MiB() throws IOException {
        try (DrillWorker worker = startWorker("-Xmx256m", Map.of())) {
            publishLarge(worker, 30, 32 * MIB);
            assertAllWentWell(worker, 450_000_000);
        }
    }

    @Test
    void capturesOf64MiBWithTwiceTheHeap() throws IOException {
        try (DrillWorker worker = startWorker("-Xmx512m", Map.of())) {
            publishLarge(worker, 15, 64 * MIB);
            assertAllWentWell(worker, 800_000_000);
        }
    }

    @Test
    void tenInterleavedChunkSetsOf32MiB() throws IOException {
        try (DrillWorker worker = startWorker("-Xmx256m", Map.of())) {
            publishInterleaved(10, 32 * MIB);
            assertAllWentWell(worker, 450_000_000);
        }
    }

    @Test
    void manySmallBatchesWhileTheStoreIsDown() throws IOException {
        int batches = 10_000;
        s3.setDown(true);
        try (DrillWorker worker = startWorker("-Xmx256m", Map.of("batch.max.steps", "1"))) {
            await(worker, () -> worker.metric("stepvault_partitions_assigned") == DrillTopics.PARTITIONS);
            Instant first = Instant.now();
            try (StepPublisher publisher = publisher()) {
                for (int number = 0; number < batches; number++) {
                    publish(publisher, captures.capture("s" + number, "p", 2_000, 0));
                }
            }
            await(worker, () -> worker.metric("stepvault_spool_steps_written_total") >= batches);
            report("all of " + batches + " batches on disk after", Duration.between(first, Instant.now()));
            assertThat(worker.metric("stepvault_spool_batches")).isEqualTo(batches);
            assertThat(topics.settledRecords())
                    .as("the disk queue lets no offset go ahead")
                    .isZero();
            s3.setDown(false);
            assertAllWentWell(worker, 450_000_000);
        }
    }

    private DrillWorker startWorker(String heap, Map<String, String> configuration) throws IOException {
        Map<String, String> all = new HashMap<>(Map.of(
                "kafka.bootstrap.servers",
                kafka.bootstrapServers(),
                "group.id",
                topics.group,
                "topic.captures",
                topics.captures,
                "topic.completions",
                topics.completions,
                "topic.dead-letters",
                topics.deadLetters,
                "store.uri",
                s3.uri(),
                "spool.dir",
                directory.resolve("spool").toString(),
                "http.port",
                "0"));
        all.putAll(configuration);
        return DrillWorker.start(directory, heap, all);
    }

    private StepPublisher publisher() {
        return StepPublisher.to(kafka.bootstrapServers())
                .topic(topics.captures)
                .overflow(OverflowPolicy.block(PATIENCE))
                .open();
    }

    private static void publish(StepPublisher publisher, StepCapture capture) {
        assertThat(publisher.publish(capture)).isEqualTo(PublishResult.ACCEPTED);
    }

    /** Of so many bytes each, once serialized, or a little less. */
    private void publishLarge(DrillWorker worker, int count, int bytes) {
        try (StepPublisher publisher = publisher()) {
            for (int number = 0; number < count; number++) {
                worker.requireAlive();
                publish(publisher, large("s" + number % 3, "p" + number, bytes));
            }
        }
    }

    private StepCapture large(String session, String step, int bytes) {
        int html = bytes / 4;
        return captures.capture(session, step, html, bytes - html - 1_000);
    }

    /** One chunk of each set in turn, all on one partition. */
    private void publishInterleaved(int sets, int bytes) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            List<Chunking> all = new ArrayList<>();
            for (int set = 0; set < sets; set++) {
                byte[] value = SingleObjectCodec.stepCaptures().encode(large("s" + set, "p", bytes));
                all.add(new Chunking(UUID.randomUUID(), value, 900 << 10));
            }
            for (int index = 0; index < all.get(0).count(); index++) {
                for (int set = 0; set < sets; set++) {
                    byte[] key = ("s" + set).getBytes(StandardCharsets.UTF_8);
                    Chunking chunks = all.get(set);
                    ProducerRecord<byte[], byte[]> chunk =
                            new ProducerRecord<>(topics.captures, 0, key, chunks.bytes(index));
                    ChunkFormat.CAPTURES.write(chunks.header(index)).forEach(chunk.headers()::add);
                    var unused = producer.send(chunk);
                }
            }
        }
    }

    private void assertAllWentWell(DrillWorker worker, long mostResidentBytes) {
        await(worker, topics::isSettled);
        Duration took = Duration.between(begun, Instant.now());
        long resident = worker.peakResidentBytes();
        report(
                "resident at most " + resident / 1_000_000 + " MB of " + mostResidentBytes / 1_000_000 + " allowed; "
                        + captures.expected().size() + " captures",
                took);
        assertThat(worker.metric("stepvault_dead_letters_total")).isZero();
        assertThat(worker.stop()).as(worker.log()).isIn(0, 143);
        assertThat(worker.log()).doesNotContain("OutOfMemoryError");
        assertThat(s3.mistakes()).isEmpty();
        assertThat(topics.ends(topics.deadLetters).values()).containsOnly(0L);
        assertThat(completedSteps()).isEqualTo(captures.expected());
        assertThat(resident).as("resident bytes at most").isLessThan(mostResidentBytes);
    }

    /** What the completions say of every step, as the store confirms it; fails if one comes twice. */
    private Map<String, Map<String, DiscardingS3.Content>> completedSteps() {
        Map<String, Map<String, DiscardingS3.Content>> completed = new HashMap<>();
        topics.forEachCompletion(completion -> {
            for (CompletedStep step : completion.getSteps()) {
                Map<String, DiscardingS3.Content> contents = new HashMap<>();
                for (CompletedArtifact artifact : step.getArtifacts()) {
                    DiscardingS3.Content content = s3.content(artifact.getUri());
                    assertThat(content).as(artifact.getUri()).isNotNull();
                    contents.put(artifact.getName(), content);
                }
                String id = completion.getSessionId() + "/" + step.getStepId();
                assertThat(completed.put(id, contents))
                        .as("%s completed once", id)
                        .isNull();
                String html = step.getArtifacts().get(0).getUri();
                assertThat(s3.content(html.substring(0, html.lastIndexOf('/')) + "/step.json"))
                        .as("commit record of %s", id)
                        .isNotNull();
            }
        });
        return completed;
    }

    private static void await(DrillWorker worker, BooleanSupplier condition) {
        org.awaitility.Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    worker.requireAlive();
                    return condition.getAsBoolean();
                });
    }

    private void report(String what, Duration took) {
        log.atInfo()
                .addKeyValue("test", name)
                .addKeyValue("seconds", took.toMillis() / 1000.0)
                .log(what);
    }
}
