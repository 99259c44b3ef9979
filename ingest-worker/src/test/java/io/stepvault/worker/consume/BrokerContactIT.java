package io.stepvault.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepvault.embedded.EmbeddedKafka;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Kafka's own consumers tell of their brokers, through metrics that are theirs to name. */
class BrokerContactIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedKafka kafka;

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.builder().start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    private static KafkaConsumer<byte[], byte[]> idleConsumer(String protocol) throws Exception {
        String topic = "empty-" + protocol;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka.bootstrapServers(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        "idle-" + protocol,
                        ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                        protocol,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(List.of(topic));
        return consumer;
    }

    /** Whether a fetch was answered since the poll before. */
    private static boolean pollIsCovered(KafkaConsumer<byte[], byte[]> consumer, BrokerContact brokers) {
        assertThat(consumer.poll(POLL)).isEmpty();
        return !brokers.newlyFetched().isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void timeIsCoveredByFetchesWhileNothingComesAndNotWhileNoBrokerAnswers(String protocol) throws Exception {
        try (KafkaConsumer<byte[], byte[]> consumer = idleConsumer(protocol)) {
            BrokerContact brokers = new BrokerContact(consumer, Clock.systemUTC());
            for (int answers = 0; answers < 3; answers++) {
                await().atMost(PATIENCE).until(() -> pollIsCovered(consumer, brokers));
            }
            assertThat(brokers.trouble()).isEmpty();

            kafka.stop(1);
            await().atMost(PATIENCE).until(() -> {
                pollIsCovered(consumer, brokers);
                return brokers.trouble().isPresent();
            });
            for (int polls = 0; polls < 20; polls++) {
                assertThat(pollIsCovered(consumer, brokers)).isFalse();
            }

            kafka.start(1);
            await().atMost(PATIENCE).until(() -> pollIsCovered(consumer, brokers));
        }
    }
}
