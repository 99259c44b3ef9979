package io.stepvault.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.event.StepCapture;
import io.stepvault.producer.StepPublisher;
import io.stepvault.producer.WireFormat;
import io.stepvault.registry.RegistrySettings;
import io.stepvault.registry.testing.FakeRegistry;
import io.stepvault.storage.StepStore;
import io.stepvault.wire.ConfluentFormat;
import io.stepvault.wire.ContractSchemas;
import io.stepvault.worker.cli.CommandRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Captures in the Confluent wire format, from the SDK through Kafka and a worker, with a registry that comes and goes. */
class SchemaRegistryIT {
    private static final String WIDER = ContractSchemas.stepCapture()
            .toString()
            .replaceFirst("]}$", ",{\"name\":\"mood\",\"type\":\"string\",\"default\":\"\"}]}");

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedKafka kafka;

    private final FakeRegistry registry = FakeRegistry.started();

    @TempDir
    private Path directory = Path.of("");

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.builder().start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @AfterEach
    void stopRegistry() {
        registry.close();
    }

    @Test
    void everythingIsStoredOnceThoughTheRegistryGoesAway() throws Exception {
        try (TestBed bed = new TestBed(kafka, 3).createTopics();
                IngestWorker worker = start(bed)) {
            Meters meters = Meters.of(worker);
            List<StepCapture> before = TestBed.crawl("before", 5, 4);
            publishThroughTheSdk(bed, before);
            bed.awaitCompletionsOf(before);

            // Another schema, of which the worker hears while the registry is away.
            int id = registry.register(
                    bed.topic + "-value", ContractSchemas.stepCapture().toString() + " ");
            registry.stop();
            List<StepCapture> during = TestBed.crawl("during", 5, 4);
            publish(bed, id, during);
            await().atMost(TestBed.PATIENCE)
                    .untilAsserted(() -> assertThat(meters.whyNotReady())
                            .contains("partitions wait for a schema")
                            .contains(registry.url()));
            assertThat(meters.isAlive()).isTrue();
            assertThat(meters.value("stepvault_partitions_without_schema")).isPositive();
            registry.start();

            List<StepCapture> after = TestBed.crawl("after", 5, 4);
            publishThroughTheSdk(bed, after);
            try (StepStore store = StepStore.open(directory.resolve("store").toUri())) {
                TestBed.assertInOrder(bed.assertCompletedOnce(store, TestBed.concat(List.of(before, during, after))));
            }
            await().atMost(TestBed.PATIENCE)
                    .untilAsserted(() -> assertThat(meters.whyNotReady()).isEqualTo("ok\n"));
            assertThat(bed.deadLetters()).isEmpty();
        }
    }

    @Test
    void captureOfAnUnknownSchemaIsADeadLetterThatCanBeRedriven() throws Exception {
        int id = 777;
        try (TestBed bed = new TestBed(kafka, 1).createTopics();
                IngestWorker worker = start(bed)) {
            List<StepCapture> crawl = TestBed.crawl("unknown", 1, 1);
            publish(bed, id, crawl);
            await().atMost(TestBed.PATIENCE).until(() -> bed.deadLetters().size() == 1);
            assertThat(Meters.of(worker).whyNotReady()).isEqualTo("ok\n");

            registry.put(id, WIDER.replace(",{\"name\":\"mood\",\"type\":\"string\",\"default\":\"\"}", ""));
            Map<String, String> environment = Map.of("STEPVAULT_SCHEMA_REGISTRY_URL", registry.url());
            CommandRun shown = CommandRun.in(
                    environment,
                    "dead-letters",
                    "show",
                    "0@0",
                    "--bootstrap",
                    bed.bootstrapServers(),
                    "--topic",
                    bed.deadLettersTopic);
            assertThat(shown.out()).contains("unknown-schema").contains("holds a capture");
            await().atMost(TestBed.PATIENCE).until(() -> {
                // The worker believes for a second that the id is unknown, and leaves another dead letter until then.
                CommandRun redriven = CommandRun.of(
                        "dead-letters",
                        "redrive",
                        "--yes",
                        "--bootstrap",
                        bed.bootstrapServers(),
                        "--topic",
                        bed.deadLettersTopic);
                assertThat(redriven.exitCode()).as(redriven.err()).isLessThanOrEqualTo(1);
                return !bed.completions().isEmpty();
            });
            bed.awaitCompletionsOf(crawl);
        }
    }

    private IngestWorker start(TestBed bed) throws Exception {
        return IngestWorker.start(bed.config(
                directory.resolve("store").toUri().toString(),
                new HashMap<>(Map.of(
                        "schema.registry.url", registry.url(),
                        "schema.registry.timeout", "2s",
                        "schema.registry.unknown.ttl", "1s"))));
    }

    private void publishThroughTheSdk(TestBed bed, List<StepCapture> captures) {
        try (StepPublisher publisher = StepPublisher.to(bed.bootstrapServers())
                .topic(bed.topic)
                .format(WireFormat.confluent(RegistrySettings.of(registry.url())))
                .open()) {
            captures.forEach(publisher::publish);
            assertThat(publisher.flush(Duration.ofSeconds(60))).isTrue();
        }
    }

    private static void publish(TestBed bed, int id, List<StepCapture> captures) {
        ConfluentFormat.Encoder encoder = new ConfluentFormat.Encoder();
        for (StepCapture capture : new ArrayList<>(captures)) {
            bed.publish(capture.getSessionId(), encoder.encode(id, capture));
        }
    }
}
