package io.stepvault.devkit.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.server.ReadServer;
import io.stepvault.server.ReadServerOptions;
import io.stepvault.storage.PageRequest;
import io.stepvault.storage.StepEntry;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoredStep;
import io.stepvault.worker.IngestWorker;
import io.stepvault.worker.cli.Stepvault;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.config.ConfigKey;
import io.stepvault.worker.config.Machine;
import io.stepvault.worker.config.WorkerConfig;
import io.stepvault.worker.config.WorkerKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A broker with Stepvault's topics, a worker with the defaults of every other, a store in a directory, and the read API
 * in front of it. Used by one thread.
 */
public final class IngestBed implements AutoCloseable {
    public static final String CAPTURES = "step-captures";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final EmbeddedKafka kafka;
    private final Map<String, String> environment = new HashMap<>();
    private final StepStore store;
    private final IngestWorker worker;
    private final ReadServer reader;

    /** A record that became a dead letter. */
    public record DeadLetter(int partition, long offset, String reason) {
        private static DeadLetter of(Headers headers) {
            return new DeadLetter(
                    Integer.parseInt(text(headers, "stepvault-partition")),
                    Long.parseLong(text(headers, "stepvault-offset")),
                    text(headers, "stepvault-reason"));
        }

        private static String text(Headers headers, String name) {
            return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
        }
    }

    /** Starts all of it with its files under {@code directory}. */
    public IngestBed(Path directory) throws IOException {
        this(directory, Map.of());
    }

    /** As above, with further environment variables for the worker. */
    public IngestBed(Path directory, Map<String, String> more) throws IOException {
        environment.putAll(more);
        kafka = EmbeddedKafka.builder().start();
        URI location = directory.resolve("store").toUri();
        set(WorkerKeys.KAFKA_BOOTSTRAP_SERVERS, kafka.bootstrapServers());
        set(WorkerKeys.STORE_URI, location.toString());
        set(WorkerKeys.SPOOL_DIR, directory.resolve("spool").toString());
        set(WorkerKeys.HTTP_PORT, "0");
        set(WorkerKeys.BATCH_MAX_AGE, "500ms");
        createTopics();
        store = StepStore.open(location);
        worker = IngestWorker.start(WorkerConfig.load(Map.of(), environment, Machine.current()));
        reader = ReadServer.start(store, ReadServerOptions.onLoopback(0));
    }

    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** Where the read API begins. */
    public URI api() {
        return reader.uri().resolve("/api/v1");
    }

    /** The latest revision of a step, as soon as it is stored. */
    public StoredStep step(String session, String step) {
        return await().alias("step " + step + " of session " + session)
                .atMost(PATIENCE)
                .until(() -> store.load(session, step), Optional::isPresent)
                .orElseThrow();
    }

    /** The ids of a session's steps in order of capture, as soon as the last step of the session is stored. */
    public List<String> steps(String session) {
        await().alias("the end of session " + session)
                .atMost(PATIENCE)
                .until(() -> store.completeness(session).ended());
        return store.steps(session, PageRequest.first(1_000)).items().stream()
                .map(StepEntry::stepId)
                .toList();
    }

    public StepStore store() {
        return store;
    }

    /** The first so many dead letters of the source topic. */
    public List<DeadLetter> deadLetters(int count) {
        List<DeadLetter> letters = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(CAPTURES + ".dead-letters").stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await().atMost(PATIENCE).untilAsserted(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(letter -> letters.add(DeadLetter.of(letter.headers())));
                assertThat(letters).hasSizeGreaterThanOrEqualTo(count);
            });
        }
        return letters;
    }

    @Override
    public void close() {
        reader.close();
        worker.close();
        store.close();
        kafka.close();
    }

    private void set(ConfigKey<?> key, String value) {
        environment.put(key.environmentName(), value);
    }

    private void createTopics() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Console console = new Console(
                OutputStream.nullOutputStream(), said, Console.Kind.plain(), environment, Clock.systemUTC());
        assertThat(Stepvault.execute(console, Stepvault.commandLine(console), "topics", "create"))
                .as("%s", said)
                .isZero();
    }
}
