package io.stepvault.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepvault.capture.CommitRecord;
import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.embedded.EmbeddedS3;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.file.FileObjectStore;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.s3.S3Location;
import io.stepvault.storage.s3.S3ObjectStore;
import io.stepvault.storage.s3.S3Options;
import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.Chunking;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.worker.cli.CommandRun;
import io.stepvault.worker.cli.ExitCode;
import io.stepvault.worker.config.WorkerConfig;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Audits of a real topic, against a directory and an S3 server, by the command line. */
class AuditIT {
    private static final String ACCESS_KEY = "aws.accessKeyId";
    private static final String SECRET_KEY = "aws.secretAccessKey";

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedKafka kafka;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedS3 s3;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    private Path directory;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder().start();
        s3 = EmbeddedS3.builder().start();
        s3.createBucket("captures");
        System.setProperty(ACCESS_KEY, s3.accessKey());
        System.setProperty(SECRET_KEY, s3.secretKey());
    }

    @AfterAll
    static void stop() {
        System.clearProperty(ACCESS_KEY);
        System.clearProperty(SECRET_KEY);
        s3.close();
        kafka.close();
    }

    private Path work() throws Exception {
        return Files.createDirectories(directory.resolve("work"));
    }

    @AfterEach
    void nothingIsLeftInTheWorkDirectory() throws Exception {
        assertThat(work()).isEmptyDirectory();
    }

    private URI newStore(String kind) {
        return kind.equals("s3")
                ? URI.create("s3://captures/" + UUID.randomUUID() + "?region=us-east-1&endpoint=" + s3.endpoint())
                : directory.resolve("store").toUri();
    }

    private CommandRun audit(TestBed bed, URI store, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "audit",
                "--bootstrap",
                bed.bootstrapServers(),
                "--topic",
                bed.topic,
                "--dead-letters-topic",
                bed.deadLettersTopic,
                "--store",
                store.toString(),
                "--work-dir",
                work().toString()));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    /** Opens what lies under a store's URI. */
    private static ObjectStore objects(URI store) {
        return store.getScheme().equals("s3")
                ? S3ObjectStore.open(S3Location.parse(store), S3Options.defaults(), 4)
                : FileObjectStore.open(Path.of(store), Runnable::run, Clock.systemUTC());
    }

    private static String prefix(URI store, StepCapture capture) {
        CommitRecord record = CommitRecord.of(capture);
        return (store.getScheme().equals("s3") ? store.getPath().substring(1) + "/" : "") + "sessions/"
                + record.sessionId() + "/steps/" + record.stepId() + "/" + record.revision() + "/";
    }

    private static void ingest(TestBed bed, WorkerConfig config) throws Exception {
        try (IngestWorker worker = IngestWorker.start(config)) {
            bed.awaitAllCommitted();
        }
    }

    private static void publishInChunks(TestBed bed, StepCapture capture) {
        Chunking chunks =
                new Chunking(UUID.randomUUID(), SingleObjectCodec.stepCaptures().encode(capture), 100_000);
        for (int index = 0; index < chunks.count(); index++) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                    bed.topic, capture.getSessionId().getBytes(StandardCharsets.UTF_8), chunks.bytes(index));
            ChunkFormat.CAPTURES
                    .write(chunks.header(index))
                    .forEach((name, value) -> record.headers().add(name, value));
            bed.publish(record);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "s3"})
    void findsDamageAndRepairsIt(String kind) throws Exception {
        URI store = newStore(kind);
        try (TestBed bed = new TestBed(kafka, 3).createTopics();
                ObjectStore objects = objects(store)) {
            List<StepCapture> captures = TestBed.crawl("audited", 5, 6);
            StepCapture large = Captures.aStep("audited-1", "large")
                    .setScreenshot(Captures.screenshot(500_000))
                    .build();
            bed.publish(captures);
            bed.publish(captures.subList(0, 3)); // once more
            publishInChunks(bed, large);
            bed.publish("bad", "no capture".getBytes(StandardCharsets.UTF_8));
            ingest(bed, bed.config(store.toString(), Map.of("store.compression", "gzip")));

            CommandRun clean = audit(bed, store, "--deep", "--json");

            assertThat(clean.exitCode()).as("%s%s", clean.out(), clean.err()).isEqualTo(ExitCode.DONE);
            assertThat(clean.out())
                    .contains(
                            "\"clean\":true",
                            "\"outcomes\":{\"stored\":31,\"repaired\":0,\"missing\":0,\"differing\":0",
                            "\"dead_lettered\":1,\"not_dead_lettered\":0}",
                            "\"repeats\":3",
                            "\"revisions_listed\":31,\"not_in_range\":0,\"orphan\":0",
                            "\"by_content\":32");

            // all of a step, of one its page, of one step.json; of one the page is altered
            keys(objects, prefix(store, captures.get(7))).forEach(objects::delete);
            keys(objects, prefix(store, large)).forEach(objects::delete);
            objects.delete(prefix(store, captures.get(8)) + "page.html");
            objects.delete(prefix(store, captures.get(9)) + "step.json");
            String altered = prefix(store, captures.get(10)) + "page.html";
            objects.delete(altered);
            byte[] other = "<p>audited-0/step-9</p>".getBytes(StandardCharsets.UTF_8);
            objects.put(new PutRequest(altered, "text/html", ByteBuffer.wrap(other), Map.of()))
                    .join();

            CommandRun damaged = audit(
                    bed, store, "--deep", "--list", directory.resolve("list").toString());

            assertThat(damaged.exitCode()).as(damaged.err()).isEqualTo(ExitCode.PROBLEMS);
            assertThat(damaged.out().lines().filter(line -> line.startsWith("missing ")))
                    .hasSize(3)
                    .anyMatch(line -> line.contains("/steps/large/"));
            assertThat(damaged.out().lines().filter(line -> line.startsWith("differing ")))
                    .hasSize(2)
                    .anyMatch(line -> line.endsWith("page.html: it is not there"))
                    .anyMatch(line -> line.endsWith("page.html: its SHA-256 is not the capture's, though its size is"));
            assertThat(damaged.out()).endsWith("5 problems\n");
            assertThat(Files.readAllLines(directory.resolve("list"))).hasSize(6);

            CommandRun repaired = audit(bed, store, "--deep", "--repair", "--json");

            assertThat(repaired.exitCode()).as(repaired.err()).isEqualTo(ExitCode.PROBLEMS);
            assertThat(repaired.out())
                    .contains("\"outcomes\":{\"stored\":26,\"repaired\":4,\"missing\":0,\"differing\":1");

            objects.delete(prefix(store, captures.get(10)) + "step.json");
            CommandRun second = audit(bed, store, "--deep", "--repair");
            assertThat(second.exitCode()).as("%s%s", second.out(), second.err()).isEqualTo(ExitCode.DONE);
            assertThat(second.out()).contains("REPAIRED").endsWith("all accounted for\n");

            CommandRun again = audit(bed, store, "--deep");
            assertThat(again.exitCode()).as("%s%s", again.out(), again.err()).isEqualTo(ExitCode.DONE);
            assertThat(again.out()).doesNotContain("REPAIRED").contains("artifacts compared: 32 by content");
        }
    }

    private static List<String> keys(ObjectStore objects, String prefix) {
        List<String> keys = objects.list(ListRequest.of(prefix)).objects().stream()
                .map(ObjectInfo::key)
                .toList();
        assertThat(keys).isNotEmpty();
        return keys;
    }

    @Test
    void whatTheWorkersHaveNotComeToIsMissingAndTheirGroupIsLeftAlone() throws Exception {
        URI store = newStore("file");
        Files.createDirectories(Path.of(store));
        try (TestBed bed = new TestBed(kafka, 2).createTopics();
                Admin admin = Admin.create(Map.of("bootstrap.servers", bed.bootstrapServers()))) {
            bed.publish(TestBed.crawl("early", 2, 2));
            bed.publish("bad", "no capture".getBytes(StandardCharsets.UTF_8));

            CommandRun early = audit(bed, store, "--sessions", "early-*", "--range-only");

            assertThat(early.exitCode()).as(early.err()).isEqualTo(ExitCode.PROBLEMS);
            assertThat(early.out().lines().filter(line -> line.startsWith("missing early-")))
                    .hasSize(4);
            assertThat(early.out()).containsPattern("not-dead-lettered \\d@\\d+: undecodable");
            assertThat(bed.committed()).isEmpty();
            assertThat(bed.deadLetters()).isEmpty();
            assertThat(admin.listGroups().all().get())
                    .noneMatch(group -> group.groupId().contains("-audit-"));

            CommandRun other = audit(bed, store, "--sessions", "other-*");
            assertThat(other.out()).contains("1 problem\n");
            assertThat(other.err()).contains("left out: 4 of other sessions");
        }
    }

    @Test
    void whatWaitsInADiskQueueIsFoundThere() throws Exception {
        URI store = newStore("file");
        Files.createDirectories(Path.of(store));
        try (TestBed bed = new TestBed(kafka, 2).createTopics()) {
            List<StepCapture> captures = TestBed.crawl("spooled", 3, 2);
            Path spool = bed.newSpoolDirectory();
            WorkerConfig config = bed.config(
                    "s3://captures/x?region=us-east-1&endpoint=http://127.0.0.1:1",
                    Map.of(
                            "spool.dir", spool.toString(),
                            "store.retry.max.attempts", "1",
                            "shutdown.timeout", "1s"));
            try (IngestWorker worker = IngestWorker.start(config)) {
                bed.publish(captures);
                await().atMost(TestBed.PATIENCE)
                        .untilAsserted(() -> assertThat(audit(bed, store, "--spool", spool.toString())
                                        .out())
                                .contains("ON-DISK-QUEUE")
                                .endsWith("all accounted for\n"));
            }
            CommandRun without = audit(bed, store);
            assertThat(without.exitCode()).isEqualTo(ExitCode.PROBLEMS);
            assertThat(without.out()).endsWith("6 problems\n");
        }
    }

    @Test
    void saysWhatItCannotDo() throws Exception {
        try (TestBed bed = new TestBed(kafka, 1).createTopics()) {
            URI missing = directory.resolve("nowhere").toUri();
            CommandRun noStore = audit(bed, missing);
            assertThat(noStore.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(noStore.err()).contains("no such directory");
            assertThat(directory.resolve("nowhere")).doesNotExist();

            assertThat(audit(bed, missing, "--quick", "--deep").exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(audit(bed, missing, "--partitions", "7", "--repair").exitCode())
                    .isEqualTo(ExitCode.USAGE);
            assertThat(audit(bed, missing, "--spool", directory.toString()).err())
                    .contains("is not a worker's spool directory");

            CommandRun empty = audit(bed, missing, "--repair");
            assertThat(empty.exitCode()).as(empty.err()).isEqualTo(ExitCode.DONE);
            assertThat(empty.out()).contains("store: 0 revisions listed", "all accounted for");
        }
    }
}
