package io.stepvault.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TOPIC = "captures";

    private final Path directory;

    EmbeddedKafkaIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void carriesRecordsFromProducerToConsumer() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().start()) {
            KafkaSession session = new KafkaSession(kafka.bootstrapServers());
            session.createTopic(TOPIC, 1, 1);

            session.produce(TOPIC, "one", "two", "three");

            try (KafkaConsumer<String, String> consumer = session.consumer("readers", Map.of())) {
                consumer.subscribe(List.of(TOPIC));
                assertThat(KafkaSession.poll(consumer, 3)).containsExactly("one", "two", "three");
            }
        }
    }

    @Test
    void keepsRecordsOffsetsAndIdentityInItsDirectory() throws Exception {
        String clusterId;
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().directory(directory).start()) {
            clusterId = kafka.clusterId();
            KafkaSession session = new KafkaSession(kafka.bootstrapServers());
            session.createTopic(TOPIC, 1, 1);
            session.produce(TOPIC, "before", "after");
            try (KafkaConsumer<String, String> consumer = session.consumer("readers", Map.of("max.poll.records", 1))) {
                consumer.subscribe(List.of(TOPIC));
                assertThat(KafkaSession.poll(consumer, 1)).containsExactly("before");
                consumer.commitSync();
            }
        }

        try (EmbeddedKafka kafka = EmbeddedKafka.builder().directory(directory).start()) {
            assertThat(kafka.clusterId()).isEqualTo(clusterId);
            KafkaSession session = new KafkaSession(kafka.bootstrapServers());
            try (KafkaConsumer<String, String> consumer = session.consumer("readers", Map.of())) {
                consumer.subscribe(List.of(TOPIC));
                assertThat(KafkaSession.poll(consumer, 1)).containsExactly("after");
            }
        }
    }

    @Test
    void goesOnWhileOneOfThreeBrokersIsStopped() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().brokers(3).start()) {
            KafkaSession session = new KafkaSession(kafka.bootstrapServers());
            session.createTopic(TOPIC, 3, 3);
            session.produce(TOPIC, "with three");

            kafka.stop(2);
            awaitInSyncReplicas(session, 2);
            session.produce(TOPIC, "with two");

            kafka.start(2);
            awaitInSyncReplicas(session, 3);
            try (KafkaConsumer<String, String> consumer = session.consumer("readers", Map.of())) {
                consumer.subscribe(List.of(TOPIC));
                assertThat(KafkaSession.poll(consumer, 2)).containsExactly("with three", "with two");
            }
        }
    }

    @Test
    void acknowledgesNothingThatOneBrokerAloneHolds() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().brokers(3).start()) {
            KafkaSession session = new KafkaSession(kafka.bootstrapServers());
            session.createTopic(TOPIC, 1, 3);
            session.produce(TOPIC, "with three");
            kafka.stop(2);
            kafka.stop(3);

            try (KafkaProducer<String, String> producer = session.producer(
                    Map.of("delivery.timeout.ms", 2_000, "request.timeout.ms", 1_000, "linger.ms", 0))) {
                assertThatThrownBy(() -> producer.send(new ProducerRecord<>(TOPIC, "with one"))
                                .get())
                        .isInstanceOf(ExecutionException.class);
            }

            kafka.start(2);
            kafka.start(3);
            session.produce(TOPIC, "with three again");
            try (KafkaConsumer<String, String> consumer = session.consumer("readers", Map.of())) {
                consumer.subscribe(List.of(TOPIC));
                assertThat(KafkaSession.poll(consumer, 2)).contains("with three", "with three again");
            }
        }
    }

    @Test
    void goesOnWithItsDataAfterAllBrokersWereAway() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().brokers(3).start()) {
            KafkaSession session = new KafkaSession(kafka.bootstrapServers());
            session.createTopic(TOPIC, 3, 3);
            session.produce(TOPIC, "before");
            String addresses = kafka.bootstrapServers();

            List.of(1, 2, 3).forEach(kafka::stop);
            List.of(1, 2, 3).forEach(kafka::start);

            assertThat(kafka.bootstrapServers()).isEqualTo(addresses);
            session.produce(TOPIC, "after");
            try (KafkaConsumer<String, String> consumer = session.consumer("readers", Map.of())) {
                consumer.subscribe(List.of(TOPIC));
                assertThat(KafkaSession.poll(consumer, 2)).containsExactlyInAnyOrder("before", "after");
            }
        }
    }

    @Test
    void clientsOutliveARestartOfTheOnlyBroker() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().start()) {
            KafkaSession session = new KafkaSession(kafka.bootstrapServers());
            session.createTopic(TOPIC, 1, 1);
            try (KafkaProducer<String, String> producer = session.producer(Map.of());
                    KafkaConsumer<String, String> consumer = session.consumer("readers", Map.of())) {
                consumer.subscribe(List.of(TOPIC));
                producer.send(new ProducerRecord<>(TOPIC, "up")).get();
                assertThat(KafkaSession.poll(consumer, 1)).containsExactly("up");
                consumer.commitSync();

                kafka.stop(1);
                kafka.start(1);

                producer.send(new ProducerRecord<>(TOPIC, "up again")).get();
                assertThat(KafkaSession.poll(consumer, 1)).containsExactly("up again");
            }
        }
    }

    @Test
    void commitsOffsetsInATransaction() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().start()) {
            KafkaSession session = new KafkaSession(kafka.bootstrapServers());
            session.createTopic(TOPIC, 1, 1);
            session.createTopic("completed", 1, 1);
            session.produce(TOPIC, "one", "two");
            TopicPartition partition = new TopicPartition(TOPIC, 0);

            try (KafkaConsumer<String, String> consumer = session.consumer("worker", Map.of());
                    KafkaProducer<String, String> producer = session.producer(Map.of("transactional.id", "worker-1"))) {
                consumer.subscribe(List.of(TOPIC));
                KafkaSession.poll(consumer, 2);
                producer.initTransactions();

                producer.beginTransaction();
                producer.send(new ProducerRecord<>("completed", "aborted")).get();
                producer.sendOffsetsToTransaction(
                        Map.of(partition, new OffsetAndMetadata(1)), consumer.groupMetadata());
                producer.abortTransaction();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("completed", "committed")).get();
                producer.sendOffsetsToTransaction(
                        Map.of(partition, new OffsetAndMetadata(2)), consumer.groupMetadata());
                producer.commitTransaction();

                assertThat(consumer.committed(Set.of(partition))).containsEntry(partition, new OffsetAndMetadata(2));
            }
            try (KafkaConsumer<String, String> consumer = session.consumer("readers", Map.of())) {
                consumer.subscribe(List.of("completed"));
                assertThat(KafkaSession.poll(consumer, 1)).containsExactly("committed");
            }
        }
    }

    @Test
    void servesTheConsumerGroupProtocol() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().start()) {
            KafkaSession session = new KafkaSession(kafka.bootstrapServers());
            session.createTopic(TOPIC, 2, 1);
            session.produce(TOPIC, "one");

            try (KafkaConsumer<String, String> consumer =
                    session.consumer("readers", Map.of("group.protocol", "consumer"))) {
                consumer.subscribe(List.of(TOPIC));

                assertThat(KafkaSession.poll(consumer, 1)).containsExactly("one");
                consumer.commitSync();
            }
        }
    }

    @Test
    void namesThePortThatIsInUse() throws Exception {
        try (ServerSocket other = new ServerSocket(FreePorts.pick(), 1, InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();

            assertThatThrownBy(() -> EmbeddedKafka.builder().firstPort(port).start())
                    .isInstanceOf(EmbeddedServerException.class)
                    .hasMessageContaining("127.0.0.1:" + port)
                    .hasMessageContaining("choose another port");
        }
    }

    @Test
    void namesTheDirectoryThatIsInUse() {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().directory(directory).start()) {
            assertThat(kafka.directory()).isEqualTo(directory);

            assertThatThrownBy(
                            () -> EmbeddedKafka.builder().directory(directory).start())
                    .isInstanceOf(EmbeddedServerException.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("choose another directory");
        }
    }

    @Test
    void refusesToGoOnWithFewerBrokersThanBefore() {
        EmbeddedKafka.builder().brokers(2).directory(directory).start().close();

        assertThatThrownBy(() -> EmbeddedKafka.builder().directory(directory).start())
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("as many as before");
    }

    @Test
    void leavesNoThreadAndNoTemporaryFileBehind() {
        Set<Thread> before = UserThreads.live();

        EmbeddedKafka kafka = EmbeddedKafka.builder().start();
        kafka.close();

        assertThat(kafka.directory()).doesNotExist();
        awaitOnly(before);
    }

    @Test
    void aFailedStartLeavesNothingRunning() {
        Set<Thread> before = UserThreads.live();

        // Refused by the broker alone, when the controller runs already and its own sockets are open.
        assertThatThrownBy(() -> EmbeddedKafka.builder()
                        .directory(directory)
                        .property("remote.log.storage.system.enable", "true")
                        .property("remote.log.storage.manager.class.name", "NoSuchClass")
                        .start())
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("Kafka node 1")
                .hasMessageContaining("NoSuchClass");

        awaitOnly(before);
        EmbeddedKafka.builder().directory(directory).start().close();
    }

    @Test
    void namesTheBrokerPropertyThatKafkaRefuses() {
        assertThatThrownBy(() -> EmbeddedKafka.builder()
                        .property("log.segment.bytes", "not a number")
                        .start())
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("log.segment.bytes");
    }

    private static void awaitInSyncReplicas(KafkaSession session, int count) {
        try (Admin admin = session.admin()) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> admin.describeTopics(List.of(TOPIC)).allTopicNames().get().values().stream()
                            .flatMap(topic -> topic.partitions().stream())
                            .allMatch(partition -> partition.isr().size() == count));
        }
    }

    private static void awaitOnly(Set<Thread> before) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(UserThreads.startedSince(before)).isEmpty());
    }
}
