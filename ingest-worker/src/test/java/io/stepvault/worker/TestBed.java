package io.stepvault.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepvault.capture.ArtifactName;
import io.stepvault.capture.CommitRecord;
import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.event.BatchStored;
import io.stepvault.event.CompletedStep;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoredStep;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.wire.UndecodableException;
import io.stepvault.worker.config.Machine;
import io.stepvault.worker.config.WorkerConfig;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Topics of its own on a real broker, and what tests ask of them. */
final class TestBed implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final String topic = "captures-" + UUID.randomUUID();
    final String completionsTopic = topic + ".completed";
    final String deadLettersTopic = topic + ".dead-letters";
    final String group = "group-" + UUID.randomUUID();

    private final List<Path> spoolDirectories = new ArrayList<>();
    private final String bootstrapServers;
    private final int partitions;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;

    TestBed(EmbeddedKafka kafka, int partitions) {
        this.bootstrapServers = kafka.bootstrapServers();
        this.partitions = partitions;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "linger.ms", "0"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    TestBed createTopics() {
        try {
            admin.createTopics(List.of(
                            new NewTopic(topic, partitions, (short) 1),
                            new NewTopic(completionsTopic, 2, (short) 1),
                            new NewTopic(deadLettersTopic, 1, (short) 1)))
                    .all()
                    .get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        // Until its leader answers, a new partition can take an idempotent producer's second batch and refuse the
        // first.
        await().atMost(PATIENCE).ignoreExceptions().until(() -> ends().isEmpty());
        return this;
    }

    /** A worker's configuration: quick flushes, and whatever the test adds. */
    WorkerConfig config(String storeUri, Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "kafka.bootstrap.servers", bootstrapServers,
                "group.id", group,
                "topic.captures", topic,
                "topic.completions", completionsTopic,
                "topic.dead-letters", deadLettersTopic,
                "store.uri", storeUri,
                "batch.max.age", "300ms",
                "commit.interval", "100ms",
                "memory.max.bytes", "128MiB",
                "http.port", "0"));
        properties.put("spool.dir", newSpoolDirectory().toString());
        properties.putAll(more);
        return WorkerConfig.load(properties, Map.of(), Machine.current());
    }

    /** Each worker has one of its own; deleted at the end. */
    Path newSpoolDirectory() {
        try {
            Path directory = Files.createTempDirectory("stepvault-spool");
            spoolDirectories.add(directory);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void publish(List<StepCapture> captures) {
        for (StepCapture capture : captures) {
            publish(capture.getSessionId(), SingleObjectCodec.stepCaptures().encode(capture));
        }
        producer.flush();
    }

    void publish(String key, byte[] value) {
        var unused = producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value));
    }

    /** Captures of {@code sessions} sessions with {@code steps} steps each, as a crawler would take them. */
    static List<StepCapture> crawl(String name, int sessions, int steps) {
        List<StepCapture> captures = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            for (int session = 0; session < sessions; session++) {
                captures.add(Captures.aStep(name + "-" + session, "step-" + step)
                        .setCapturedAt(Captures.CAPTURED_AT.plusSeconds(step))
                        .setSequence((long) step)
                        .setEndOfSession(step == steps - 1)
                        .build());
            }
        }
        return captures;
    }

    /** Waits until every capture is completed, and gives all completions seen until then, repeats included. */
    List<BatchStored> awaitCompletionsOf(List<StepCapture> captures) {
        Set<String> expected = captures.stream()
                .map(capture -> capture.getSessionId() + "/" + capture.getStepId() + "/"
                        + CommitRecord.of(capture).revision())
                .collect(Collectors.toSet());
        List<BatchStored> completions = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = completionsReader()) {
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> completions.add(decode(record.value())));
                return stepsIn(completions).containsAll(expected);
            });
        }
        return completions;
    }

    static Set<String> stepsIn(List<BatchStored> completions) {
        return completions.stream()
                .flatMap(completion -> completion.getSteps().stream()
                        .map(step -> completion.getSessionId() + "/" + step.getStepId() + "/" + step.getRevision()))
                .collect(Collectors.toSet());
    }

    private KafkaConsumer<byte[], byte[]> completionsReader() {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> all = IntStream.range(0, 2)
                .mapToObj(partition -> new TopicPartition(completionsTopic, partition))
                .toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
        return consumer;
    }

    private static BatchStored decode(byte[] value) {
        try {
            return SingleObjectCodec.completions().decode(value);
        } catch (UndecodableException e) {
            throw new AssertionError("a completion must be readable", e);
        }
    }

    Map<TopicPartition, Long> committed() {
        try {
            Map<TopicPartition, Long> committed = new TreeMap<>(Comparator.comparingInt(TopicPartition::partition));
            admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, offset) -> committed.put(partition, offset.offset()));
            return committed;
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The end of every partition that holds records. */
    Map<TopicPartition, Long> ends() {
        try {
            Map<TopicPartition, Long> ends = new TreeMap<>(Comparator.comparingInt(TopicPartition::partition));
            for (int number = 0; number < partitions; number++) {
                TopicPartition partition = new TopicPartition(topic, number);
                long end = admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                        .partitionResult(partition)
                        .get()
                        .offset();
                if (end > 0) {
                    ends.put(partition, end);
                }
            }
            return ends;
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Bytes in, bytes out: reads every step back and compares all of it with what was published. */
    static void assertReadable(StepStore store, List<StepCapture> captures) {
        for (StepCapture capture : captures) {
            CommitRecord expected = CommitRecord.of(capture);
            StoredStep step = store.load(capture.getSessionId(), capture.getStepId(), expected.revision())
                    .orElseThrow(() ->
                            new AssertionError("not readable: " + capture.getSessionId() + "/" + capture.getStepId()));
            assertThat(step.record()).isEqualTo(expected);
            ArtifactName.artifactsOf(capture)
                    .forEach((name, artifact) ->
                            assertThat(ByteBuffer.wrap(step.read(name))).isEqualTo(artifact.getData()));
        }
    }

    /** The completed steps of each session and partition are in the order of their offsets. */
    static void assertInOrder(List<BatchStored> completions) {
        Map<String, Long> last = new HashMap<>();
        for (BatchStored completion : completions) {
            String line =
                    completion.getSessionId() + " on " + completion.getSource().getPartition();
            long first = completion.getSource().getFirstOffset();
            Long before = last.put(line, completion.getSource().getLastOffset());
            assertThat(before == null || before < first)
                    .as("%s goes from %s to %s", line, before, first)
                    .isTrue();
        }
    }

    static List<String> stepIds(BatchStored completion) {
        return completion.getSteps().stream().map(CompletedStep::getStepId).toList();
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
        for (Path directory : spoolDirectories) {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
