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
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Topics of its own on a real broker, and what tests ask of them. */
final class TestBed implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    final String topic = "captures-" + UUID.randomUUID();
    final String completionsTopic = topic + ".completed";
    final String deadLettersTopic = topic + ".dead-letters";
    final String group = "group-" + UUID.randomUUID();

    private static final int COMPLETION_PARTITIONS = 2;

    private final List<Path> spoolDirectories = new ArrayList<>();
    private final String bootstrapServers;
    private final int partitions;
    private final short replicas;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;

    TestBed(EmbeddedKafka kafka, int partitions) {
        this(kafka, partitions, 1);
    }

    TestBed(EmbeddedKafka kafka, int partitions, int replicas) {
        this.bootstrapServers = kafka.bootstrapServers();
        this.partitions = partitions;
        this.replicas = (short) replicas;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "linger.ms", "0"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    TestBed createTopics() {
        get(admin.createTopics(List.of(
                        new NewTopic(topic, partitions, replicas),
                        new NewTopic(completionsTopic, COMPLETION_PARTITIONS, replicas),
                        new NewTopic(deadLettersTopic, 1, replicas)))
                .all());
        // Until its leader answers, a new partition can take an idempotent producer's second batch and refuse the
        // first.
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> ends().isEmpty()
                        && endsOf(completionsTopic, COMPLETION_PARTITIONS).size() == COMPLETION_PARTITIONS
                        && endsOf(deadLettersTopic, 1).size() == 1);
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

    String bootstrapServers() {
        return bootstrapServers;
    }

    void publish(List<StepCapture> captures) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (StepCapture capture : captures) {
            sent.add(send(
                    capture.getSessionId(), SingleObjectCodec.stepCaptures().encode(capture)));
        }
        producer.flush();
        sent.forEach(TestBed::get);
    }

    void publish(String key, byte[] value) {
        var unused = send(key, value);
    }

    void publish(ProducerRecord<byte[], byte[]> record) {
        get(producer.send(record));
    }

    private Future<RecordMetadata> send(String key, byte[] value) {
        return producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value));
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

    static List<StepCapture> concat(List<List<StepCapture>> crawls) {
        return crawls.stream().flatMap(List::stream).toList();
    }

    /** Waits until every capture is completed, and gives all completions seen until then, repeats included. */
    List<BatchStored> awaitCompletionsOf(List<StepCapture> captures) {
        Set<String> expected = captures.stream().map(TestBed::nameOf).collect(Collectors.toSet());
        List<BatchStored> completions = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = reader(completionsTopic, COMPLETION_PARTITIONS)) {
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> completions.add(decode(record.value())));
                return stepsIn(completions).containsAll(expected);
            });
        }
        return completions;
    }

    static Set<String> stepsIn(List<BatchStored> completions) {
        return completions.stream().flatMap(TestBed::namesOf).collect(Collectors.toSet());
    }

    private static String nameOf(StepCapture capture) {
        return capture.getSessionId() + "/" + capture.getStepId() + "/"
                + CommitRecord.of(capture).revision();
    }

    private static Stream<String> namesOf(BatchStored completion) {
        return completion.getSteps().stream()
                .map(step -> completion.getSessionId() + "/" + step.getStepId() + "/" + step.getRevision());
    }

    /**
     * Waits until all that was published is committed. Then a {@code read_committed} reader of its own finds each of the
     * captures completed exactly once and nothing else, and every completed step is readable, byte for byte.
     *
     * @param captures all that were published and can be stored, each once
     * @return the completions, those of each partition in order
     */
    List<BatchStored> assertCompletedOnce(StepStore store, List<StepCapture> captures) {
        List<BatchStored> completions = assertAllCompleted(store, captures);
        assertThat(completions.stream().flatMap(TestBed::namesOf))
                .as("exactly once")
                .containsExactlyInAnyOrderElementsOf(
                        captures.stream().map(TestBed::nameOf).toList());
        assertThat(completions.stream().map(BatchStored::getCompletionId)).doesNotHaveDuplicates();
        return completions;
    }

    /** The same, but captures may be completed more than once. */
    List<BatchStored> assertAllCompleted(StepStore store, List<StepCapture> captures) {
        awaitAllCommitted();
        List<BatchStored> completions = completions();
        assertThat(stepsIn(completions))
                .as("completed")
                .containsExactlyInAnyOrderElementsOf(
                        captures.stream().map(TestBed::nameOf).collect(Collectors.toSet()));
        assertReadable(store, captures);
        return completions;
    }

    /** Waits until the group has committed all that there is. */
    void awaitAllCommitted() {
        await().atMost(PATIENCE)
                .ignoreExceptions() // while brokers or the group's coordinator are away
                .untilAsserted(() -> assertThat(committed()).isEqualTo(ends()));
    }

    /** Every completion that is committed now, those of each partition in order. */
    List<BatchStored> completions() {
        return read(completionsTopic, COMPLETION_PARTITIONS).stream()
                .map(record -> decode(record.value()))
                .toList();
    }

    /** Every record of the dead-letter topic that is committed now. */
    List<ConsumerRecord<byte[], byte[]>> deadLetters() {
        return read(deadLettersTopic, 1);
    }

    /** Reads to the very end: past transactions that are open now, once they have ended. */
    private List<ConsumerRecord<byte[], byte[]>> read(String name, int count) {
        Map<TopicPartition, Long> ends = endsOf(name, count);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = reader(name, count)) {
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            });
        }
        return records;
    }

    private KafkaConsumer<byte[], byte[]> reader(String name, int count) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> all = IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(name, partition))
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

    /** How far the group has committed, where it has come to anything. */
    Map<TopicPartition, Long> committed() {
        Map<TopicPartition, Long> committed = byPartition();
        get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, position) -> {
                    if (position.offset() > 0) {
                        committed.put(partition, position.offset());
                    }
                });
        return committed;
    }

    /** The consumer groups that begin with the name of this one's. */
    Set<String> groups() {
        return get(admin.listGroups().all()).stream()
                .map(GroupListing::groupId)
                .filter(id -> id.startsWith(group))
                .collect(Collectors.toSet());
    }

    /** The end of every partition that holds records. */
    Map<TopicPartition, Long> ends() {
        Map<TopicPartition, Long> ends = endsOf(topic, partitions);
        ends.values().removeIf(end -> end == 0);
        return ends;
    }

    private Map<TopicPartition, Long> endsOf(String name, int count) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int number = 0; number < count; number++) {
            latest.put(new TopicPartition(name, number), OffsetSpec.latest());
        }
        Map<TopicPartition, Long> ends = byPartition();
        get(admin.listOffsets(latest).all()).forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    /** What retention does in the end: removes all records that there are now. */
    void removeAllRecords() {
        Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
        ends().forEach((partition, end) -> all.put(partition, RecordsToDelete.beforeOffset(end)));
        get(admin.deleteRecords(all).all());
    }

    /** Whether a transaction of a worker is open. */
    boolean isTransactionOpen() {
        return get(admin.listTransactions().all()).stream()
                .anyMatch(transaction -> transaction.transactionalId().startsWith("stepvault-")
                        && transaction.state() != TransactionState.EMPTY
                        && transaction.state() != TransactionState.COMPLETE_COMMIT
                        && transaction.state() != TransactionState.COMPLETE_ABORT);
    }

    private static Map<TopicPartition, Long> byPartition() {
        return new TreeMap<>(Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition));
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Bytes in, bytes out: reads every step back and compares all of it with what was published. */
    static void assertReadable(StepStore store, List<StepCapture> captures) {
        captures.parallelStream().forEach(capture -> {
            CommitRecord expected = CommitRecord.of(capture);
            StoredStep step = store.load(capture.getSessionId(), capture.getStepId(), expected.revision())
                    .orElseThrow(() ->
                            new AssertionError("not readable: " + capture.getSessionId() + "/" + capture.getStepId()));
            assertThat(step.record()).isEqualTo(expected);
            ArtifactName.artifactsOf(capture)
                    .forEach((name, artifact) ->
                            assertThat(ByteBuffer.wrap(step.read(name))).isEqualTo(artifact.getData()));
        });
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
