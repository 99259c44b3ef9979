package io.stepvault.worker.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.event.BatchStored;
import io.stepvault.worker.config.KafkaConfig;
import io.stepvault.worker.config.Machine;
import io.stepvault.worker.config.WorkerConfig;
import io.stepvault.worker.flow.PipelineThread;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnstableOffsetCommitException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions over a real broker, as a reader of committed records sees them. */
class TransactionalCommitterIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static EmbeddedKafka kafka;
    private static Admin admin;

    private final String captures = "captures-" + UUID.randomUUID();
    private final String completions = captures + ".completed";
    private final String deadLetters = captures + ".dead-letters";
    private final String group = "group-" + UUID.randomUUID();
    private final String transactionalId = "stepvault-" + UUID.randomUUID();
    private final TopicPartition p0 = new TopicPartition(captures, 0);
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder().start();
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        admin.close();
        kafka.close();
    }

    @BeforeEach
    void createTopics() throws Exception {
        admin.createTopics(List.of(
                        new NewTopic(captures, 1, (short) 1),
                        new NewTopic(completions, 2, (short) 1),
                        new NewTopic(deadLetters, 2, (short) 1)))
                .all()
                .get();
        for (String topic : List.of(captures, completions, deadLetters)) {
            await().atMost(PATIENCE).ignoreExceptions().until(() -> end(new TopicPartition(topic, 0)) == 0);
        }
    }

    @AfterEach
    void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.removeFirst().close();
        }
    }

    private static long end(TopicPartition partition) throws Exception {
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private KafkaConfig kafkaConfig(Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "kafka.bootstrap.servers",
                kafka.bootstrapServers(),
                "group.id",
                group,
                "store.uri",
                "file:///nowhere/store",
                "kafka.producer.max.block.ms",
                "1000"));
        properties.putAll(more);
        return WorkerConfig.load(properties, Map.of(), Machine.current()).kafka();
    }

    /** A member of the group that holds the partition. */
    private KafkaConsumer<byte[], byte[]> member(String protocol) {
        Map<String, Object> properties =
                kafkaConfig(Map.of("kafka.consumer.group.protocol", protocol)).consumerProperties();
        properties.put("auto.offset.reset", "earliest");
        KafkaConsumer<byte[], byte[]> member =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        opened.addFirst(member);
        member.subscribe(Set.of(captures));
        await().atMost(PATIENCE).until(() -> {
            member.poll(Duration.ofMillis(50));
            return !member.assignment().isEmpty();
        });
        return member;
    }

    private Producer<byte[], byte[]> producer(Map<String, String> more) {
        return new KafkaProducer<>(
                kafkaConfig(more).transactionalProducerProperties(transactionalId),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private Committing committing(Supplier<ConsumerGroupMetadata> member) {
        return committing(member, () -> producer(Map.of()));
    }

    private Committing committing(
            Supplier<ConsumerGroupMetadata> member, Supplier<Producer<byte[], byte[]>> producers) {
        return committing(member, producers, Duration.ofSeconds(10));
    }

    private Committing committing(
            Supplier<ConsumerGroupMetadata> member,
            Supplier<Producer<byte[], byte[]>> producers,
            Duration transactionTimeout) {
        Committing committing = new Committing(member, producers, transactionTimeout);
        opened.addFirst(committing);
        return committing;
    }

    private CommitUnit unit(long offset, String... sessions) {
        List<BatchStored> stored = new ArrayList<>();
        for (String session : sessions) {
            stored.add(Units.completion(p0, session));
        }
        return new CommitUnit(stored, List.of(), Map.of(p0, new OffsetAndMetadata(offset, "up to " + offset)));
    }

    /** The keys of all committed records, once there is no transaction pending. */
    private List<String> visible(String topic) {
        try (KafkaConsumer<byte[], byte[]> reader = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", kafka.bootstrapServers(),
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> all = IntStream.range(0, 2)
                    .mapToObj(number -> new TopicPartition(topic, number))
                    .toList();
            reader.assign(all);
            List<String> keys = new ArrayList<>();
            await().atMost(PATIENCE).until(() -> {
                reader.poll(Duration.ofMillis(50))
                        .forEach(found -> keys.add(new String(found.key(), StandardCharsets.UTF_8)));
                for (TopicPartition partition : all) {
                    if (reader.position(partition) < end(partition)) {
                        return false;
                    }
                }
                return true;
            });
            return keys;
        }
    }

    private long offset(Map<TopicPartition, OffsetAndMetadata> committed) {
        OffsetAndMetadata offset = committed.get(p0);
        return offset == null ? -1 : offset.offset();
    }

    /** What is committed, once there is no transaction pending. */
    private Map<TopicPartition, OffsetAndMetadata> committed() {
        return await().atMost(PATIENCE)
                .ignoreException(UnstableOffsetCommitException.class)
                .until(this::committedNow, committed -> true);
    }

    private Map<TopicPartition, OffsetAndMetadata> committedNow() {
        return new AdminCommittedOffsets(admin, group, Duration.ofSeconds(20)).of(Set.of(p0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void eachCompletionIsSeenOnceAlsoWhenAMemberHasLeftMeanwhile(String protocol) {
        KafkaConsumer<byte[], byte[]> leaving = member(protocol);
        Committing committing = committing(leaving::groupMetadata);

        assertThat(committing.commit(unit(1, "s1", "s2"))).isEqualTo(new CommitOutcome.Committed());
        ConsumerGroupMetadata stale = leaving.groupMetadata();
        leaving.close();
        KafkaConsumer<byte[], byte[]> staying = member(protocol);
        committing.member = () -> stale;
        assertThat(committing.commit(unit(2, "s3"))).isInstanceOf(CommitOutcome.Failed.class);
        assertThat(offset(committed())).isEqualTo(1);
        committing.member = staying::groupMetadata;
        assertThat(committing.commit(unit(2, "s3"))).isEqualTo(new CommitOutcome.Committed());
        assertThat(committing.commit(unit(3))).isEqualTo(new CommitOutcome.Committed());

        assertThat(visible(completions)).containsExactlyInAnyOrder("s1", "s2", "s3");
        assertThat(committed()).isEqualTo(Map.of(p0, new OffsetAndMetadata(3, "up to 3")));
    }

    @Test
    void ofTwoProcessesWithTheSameIdEachPublishesOnlyWhatItCommits() {
        KafkaConsumer<byte[], byte[]> member = member("classic");
        Committing zombie = committing(member::groupMetadata);
        assertThat(zombie.commit(unit(1, "s1"))).isEqualTo(new CommitOutcome.Committed());
        Committing successor = committing(member::groupMetadata);
        assertThat(successor.commit(unit(2, "s2"))).isEqualTo(new CommitOutcome.Committed());

        CommitOutcome fenced = zombie.commit(unit(2, "s2"));

        assertThat(fenced).isInstanceOf(CommitOutcome.Recovered.class);
        assertThat(((CommitOutcome.Recovered) fenced).committed())
                .isEqualTo(Map.of(p0, new OffsetAndMetadata(2, "up to 2")));
        assertThat(zombie.committer.trouble())
                .hasValueSatisfying(trouble -> assertThat(trouble).contains(transactionalId));
        assertThat(visible(completions)).containsExactlyInAnyOrder("s1", "s2");
    }

    @Test
    void aTransactionLeftBehindByAKilledWorkerIsEndedByTheNextWithTheSameId() {
        KafkaConsumer<byte[], byte[]> member = member("classic");
        Producer<byte[], byte[]> killed = producer(Map.of());
        opened.addFirst(() -> killed.close(Duration.ZERO));
        killed.initTransactions();
        killed.beginTransaction();
        CommitRecords records = Units.records(completions, deadLetters);
        for (ProducerRecord<byte[], byte[]> next : records.of(unit(1, "s1")).withOffsets()) {
            var unused = killed.send(next);
        }
        killed.sendOffsetsToTransaction(unit(1).offsets(), member.groupMetadata());
        killed.flush();

        Committing next = committing(member::groupMetadata);

        assertThat(next.commit(unit(1, "s1"))).isEqualTo(new CommitOutcome.Committed());
        assertThat(visible(completions)).containsExactly("s1");
    }

    @Test
    void anOffsetThatATransactionMayStillChangeIsNotTakenForNone() {
        KafkaConsumer<byte[], byte[]> member = member("classic");
        assertThat(committedNow()).isEmpty();
        Producer<byte[], byte[]> producer = producer(Map.of());
        opened.addFirst(producer);
        producer.initTransactions();
        producer.beginTransaction();
        producer.sendOffsetsToTransaction(unit(1).offsets(), member.groupMetadata());

        assertThatThrownBy(this::committedNow)
                .isInstanceOf(UnstableOffsetCommitException.class)
                .hasMessageContaining(p0.toString());

        producer.commitTransaction();
        assertThat(offset(committed())).isEqualTo(1);
    }

    @Test
    void aBrokerThatStopsInTheMiddleOfACommitLeavesItDoneOnceOrNotAtAll() {
        KafkaConsumer<byte[], byte[]> member = member("classic");
        ConcurrentLinkedQueue<Runnable> beforeCommits = new ConcurrentLinkedQueue<>();
        Committing committing = committing(member::groupMetadata, () -> new Interfered(beforeCommits, Runnable::run));
        assertThat(committing.commit(unit(1, "s1"))).isEqualTo(new CommitOutcome.Committed());
        beforeCommits.add(() -> kafka.stop(1));
        committing.begin(unit(2, "s2"));

        await().atMost(PATIENCE).until(() -> committing.committer.trouble().isPresent());
        kafka.start(1);
        CommitOutcome outcome = committing.outcome();

        boolean done = outcome.equals(new CommitOutcome.Committed())
                || (outcome instanceof CommitOutcome.Recovered recovered && offset(recovered.committed()) == 2);
        assertThat(offset(committed())).isEqualTo(done ? 2 : 1);
        assertThat(visible(completions))
                .containsExactlyInAnyOrderElementsOf(done ? List.of("s1", "s2") : List.of("s1"));
        assertThat(committing.committer.trouble()).isEmpty();
    }

    @Test
    void aTransactionThatHasTimedOutIsFoundNotCommitted() {
        KafkaConsumer<byte[], byte[]> member = member("classic");
        ConcurrentLinkedQueue<Runnable> beforeCommits = new ConcurrentLinkedQueue<>();
        Committing committing = committing(
                member::groupMetadata,
                () -> new Interfered(beforeCommits, Runnable::run, "2000", "1500"),
                Duration.ofSeconds(2));
        assertThat(committing.commit(unit(1, "s1"))).isEqualTo(new CommitOutcome.Committed());
        beforeCommits.add(() -> await().atMost(PATIENCE)
                .until(() -> admin.describeTransactions(Set.of(transactionalId))
                                .description(transactionalId)
                                .get()
                                .state()
                        == TransactionState.COMPLETE_ABORT));

        CommitOutcome outcome = committing.commit(unit(2, "s2"));

        assertThat(outcome).isInstanceOf(CommitOutcome.Recovered.class);
        assertThat(offset(((CommitOutcome.Recovered) outcome).committed())).isEqualTo(1);
        assertThat(committing.committer.trouble()).isEmpty();
        assertThat(committing.commit(unit(2, "s2"))).isEqualTo(new CommitOutcome.Committed());
        assertThat(visible(completions)).containsExactlyInAnyOrder("s1", "s2");
    }

    @Test
    void aCommitWhoseAnswerIsLostIsFoundCommitted() {
        KafkaConsumer<byte[], byte[]> member = member("classic");
        ConcurrentLinkedQueue<Runnable> lost = new ConcurrentLinkedQueue<>();
        Committing committing = committing(
                member::groupMetadata,
                () -> new Interfered(new ConcurrentLinkedQueue<>(), commit -> {
                    commit.run();
                    Runnable failure = lost.poll();
                    if (failure != null) {
                        failure.run();
                    }
                }));
        lost.add(() -> {
            throw new KafkaException("the answer is lost");
        });

        CommitOutcome outcome = committing.commit(unit(2, "s2"));

        assertThat(outcome)
                .isEqualTo(new CommitOutcome.Recovered(
                        "committing a transaction fails: the answer is lost",
                        Map.of(p0, new OffsetAndMetadata(2, "up to 2"))));
        assertThat(visible(completions)).containsExactly("s2");
    }

    @Test
    void aLargeDeadLetterIsPublishedInChunks() {
        KafkaConsumer<byte[], byte[]> member = member("classic");
        Committing committing = committing(member::groupMetadata);

        CommitOutcome outcome = committing.commit(new CommitUnit(
                List.of(Units.completion(p0, "s1")),
                List.of(Units.deadLetter(p0, 4, 12)),
                Map.of(p0, new OffsetAndMetadata(5))));

        assertThat(outcome).isEqualTo(new CommitOutcome.Committed());
        assertThat(visible(deadLetters))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 12).mapToObj(index -> "4/" + index).toList());
        assertThat(visible(completions)).containsExactly("s1");
    }

    /** Does something else before a commit, or instead. */
    private final class Interfered extends KafkaProducer<byte[], byte[]> {
        private final ConcurrentLinkedQueue<Runnable> beforeCommits;
        private final Consumer<Runnable> commit;

        Interfered(ConcurrentLinkedQueue<Runnable> beforeCommits, Consumer<Runnable> commit) {
            this(beforeCommits, commit, "10000", "8000");
        }

        Interfered(
                ConcurrentLinkedQueue<Runnable> beforeCommits,
                Consumer<Runnable> commit,
                String transactionTimeout,
                String deliveryTimeout) {
            super(
                    kafkaConfig(Map.of(
                                    "kafka.producer.transaction.timeout.ms", transactionTimeout,
                                    "kafka.producer.delivery.timeout.ms", deliveryTimeout,
                                    "kafka.producer.request.timeout.ms", "1000"))
                            .transactionalProducerProperties(transactionalId),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
            this.beforeCommits = beforeCommits;
            this.commit = commit;
        }

        @Override
        public void commitTransaction() {
            Runnable before = beforeCommits.poll();
            if (before != null) {
                before.run();
            }
            commit.accept(super::commitTransaction);
        }
    }

    /** A committer and the pipeline's thread, which is the test's. */
    private final class Committing implements AutoCloseable {
        private final BlockingQueue<Runnable> pipeline = new LinkedBlockingQueue<>();
        private final Deque<CommitOutcome> outcomes = new ArrayDeque<>();
        final TransactionalCommitter committer;
        Supplier<ConsumerGroupMetadata> member;

        Committing(
                Supplier<ConsumerGroupMetadata> member,
                Supplier<Producer<byte[], byte[]>> producers,
                Duration transactionTimeout) {
            this.member = member;
            this.committer = new TransactionalCommitter(
                    producers,
                    new TransactionSettings(transactionalId, transactionTimeout, Duration.ofMillis(20), new Random()),
                    () -> this.member.get(),
                    new AdminCommittedOffsets(admin, group, Duration.ofSeconds(2)),
                    Units.records(completions, deadLetters),
                    new PipelineThread() {
                        @Override
                        public Clock clock() {
                            return Clock.systemUTC();
                        }

                        @Override
                        public void execute(Runnable task) {
                            pipeline.add(task);
                        }
                    },
                    Executors.newSingleThreadScheduledExecutor());
        }

        CommitOutcome commit(CommitUnit unit) {
            begin(unit);
            return outcome();
        }

        void begin(CommitUnit unit) {
            committer.commit(unit, outcomes::add);
        }

        CommitOutcome outcome() {
            try {
                while (outcomes.isEmpty()) {
                    Runnable task = pipeline.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                    assertThat(task).as("an answer on the pipeline's thread").isNotNull();
                    task.run();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return outcomes.removeFirst();
        }

        @Override
        public void close() {
            committer.close(Duration.ofSeconds(5));
        }
    }
}
