package io.stepvault.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.event.StepCapture;
import io.stepvault.producer.StepPublisher;
import io.stepvault.storage.StepStore;
import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.Chunking;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.worker.cli.CommandRun;
import io.stepvault.worker.config.WorkerConfig;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Captures of many records, from the publisher to the store. */
class LargeCapturesIT {
    private static final int CHUNK_BYTES = 900 << 10;

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

    private URI store() {
        return directory.resolve("store").toUri();
    }

    private WorkerConfig config(TestBed bed, Path spool, Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "spool.dir", spool.toString(),
                "capture.max.bytes", "32MiB",
                "assemble.max.bytes", "128MiB"));
        properties.putAll(more);
        return bed.config(store().toString(), properties);
    }

    private static StepCapture large(String session, String step, int bytes) {
        return Captures.aStep(session, step)
                .setSequence(0L) // or else the publisher does, which makes another revision of it
                .setScreenshot(Captures.screenshot(bytes))
                .build();
    }

    private void assertCompletedOnce(TestBed bed, List<StepCapture> captures) {
        try (StepStore store = StepStore.open(store())) {
            bed.assertCompletedOnce(store, captures);
        }
    }

    @Test
    void largeCapturesInterleavedWithSmallOnesOutliveAKill() throws Exception {
        try (TestBed bed = new TestBed(kafka, 1).createTopics()) {
            List<StepCapture> captures = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                captures.add(large("large-" + i, "screenshot", 20 << 20));
                captures.addAll(TestBed.crawl("small-" + i, 3, 4));
            }
            // Two publishers, so that their chunks lie between one another's.
            try (StepPublisher one = publisher(bed);
                    StepPublisher other = publisher(bed)) {
                for (int i = 0; i < captures.size(); i++) {
                    (i % 2 == 0 ? one : other).publish(captures.get(i));
                }
                assertThat(one.flush(TestBed.PATIENCE)).isTrue();
                assertThat(other.flush(TestBed.PATIENCE)).isTrue();
            }
            WorkerConfig config = config(bed, bed.newSpoolDirectory(), Map.of());
            try (WorkerProcess worker = WorkerProcess.start(config, directory)) {
                Meters meters = worker.meters();
                await().atMost(TestBed.PATIENCE)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> meters.value("stepvault_records_consumed_total") > 20);
                worker.kill();
            }

            try (IngestWorker worker = IngestWorker.start(config)) {
                assertCompletedOnce(bed, captures);
                assertThat(bed.deadLetters()).isEmpty();
                assertThat(Meters.of(worker).value("stepvault_chunks_used_bytes"))
                        .isZero();
            }
        }
    }

    private static StepPublisher publisher(TestBed bed) {
        return StepPublisher.to(bed.bootstrapServers()).topic(bed.topic).open();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void theChunksOfAProducerThatDiedAreDeadLetteredAndCanBeRedriven(String protocol) throws Exception {
        try (TestBed bed = new TestBed(kafka, 1).createTopics()) {
            StepCapture broken = large("dies", "screenshot", 4 << 20);
            Chunking chunks = new Chunking(
                    UUID.randomUUID(), SingleObjectCodec.stepCaptures().encode(broken), CHUNK_BYTES);
            int sent = chunks.count() - 2;
            for (int index = 0; index < sent; index++) {
                bed.publish(chunk(bed, chunks, index));
            }
            List<StepCapture> small = TestBed.crawl("small", 3, 4);
            bed.publish(small);
            Path spool = bed.newSpoolDirectory();
            try (IngestWorker worker = IngestWorker.start(
                    config(bed, spool, Map.of("chunk.timeout", "1s", "kafka.consumer.group.protocol", protocol)))) {
                assertCompletedOnce(bed, small);
                assertThat(worker.ended()).isNotDone();
            }
            List<ConsumerRecord<byte[], byte[]>> letters = bed.deadLetters();
            assertThat(letters).hasSize(sent);
            for (int index = 0; index < sent; index++) {
                assertThat(letters.get(index).value()).isEqualTo(chunks.bytes(index));
                assertThat(letters.get(index)
                                .headers()
                                .lastHeader("stepvault-reason")
                                .value())
                        .asString(StandardCharsets.UTF_8)
                        .isEqualTo("incomplete-chunks");
            }

            // The producer comes back and sends what it owes.
            CommandRun redriven = CommandRun.of(
                    "dead-letters", "redrive", "-b", bed.bootstrapServers(), "--topic", bed.deadLettersTopic, "--yes");
            assertThat(redriven.exitCode()).as(redriven.err()).isZero();
            for (int index = sent; index < chunks.count(); index++) {
                bed.publish(chunk(bed, chunks, index));
            }
            try (IngestWorker worker =
                    IngestWorker.start(config(bed, spool, Map.of("kafka.consumer.group.protocol", protocol)))) {
                assertCompletedOnce(bed, TestBed.concat(List.of(small, List.of(broken))));
                assertThat(worker.ended()).isNotDone();
            }
            assertThat(bed.deadLetters().stream()
                            .filter(record -> record.headers().lastHeader("stepvault-reason") != null))
                    .as("none that is new; besides there is what the redrive has noted")
                    .hasSize(sent);
        }
    }

    private static ProducerRecord<byte[], byte[]> chunk(TestBed bed, Chunking chunks, int index) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(bed.topic, "dies".getBytes(StandardCharsets.UTF_8), chunks.bytes(index));
        ChunkFormat.CAPTURES.write(chunks.header(index)).forEach(record.headers()::add);
        return record;
    }
}
