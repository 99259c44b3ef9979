package io.stepvault.producer;

import static io.stepvault.producer.CaptureBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.event.StepCapture;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** The publisher and a real broker, which comes and goes. */
@Timeout(180)
class KafkaStepPublisherIT {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final int BROKER = 1;

    private static EmbeddedKafka kafka;

    private CaptureTopic topic;

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.builder().start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @BeforeEach
    void nameTopic(TestInfo test) {
        kafka.start(BROKER);
        topic = new CaptureTopic(
                kafka.bootstrapServers(), test.getTestMethod().orElseThrow().getName());
    }

    @Test
    void whatIsPublishedArrivesByteForByte() throws Exception {
        topic.create(3, Map.of());
        byte[] picture = new byte[180_000];
        new Random(7).nextBytes(picture);
        StepCapture capture = aStep().inSession("sé 1")
                .withHtml("<p>\ud83d\ude00".repeat(20_000))
                .withAttachment("har", picture)
                .withUrl("https://example.org/?q=ä")
                .withAction("{\"type\": \"click\"}")
                .withLabel("crawl", "c1")
                .numbered(0)
                .build();

        try (StepPublisher publisher = publisher().open()) {
            Acknowledgement acknowledgement = publisher.publishAsync(capture).get();
            assertThat(acknowledgement.topic()).isEqualTo(topic.name());
            assertThat(acknowledgement.offset()).isZero();
        }

        assertThat(topic.captures()).containsExactly(capture);
    }

    /** More than Kafka's producer can hold at once (buffer.memory), and 40 times what the broker takes as one record. */
    @Test
    void aCaptureOf40MiBArrivesByteForByteOnAnUntouchedBroker() throws Exception {
        topic.create(3, Map.of());
        byte[] noise = new byte[40 << 20];
        new Random(7).nextBytes(noise);
        StepCapture large =
                aStep().step("large").withAttachment("har", noise).numbered(1).build();

        try (StepPublisher publisher = publisher().open()) {
            publish(publisher, "s1", 1);
            CompletableFuture<Acknowledgement> future = publisher.publishAsync(large);
            publish(publisher, "s1", 1);
            publish(publisher, "other", 5);

            assertThat(publisher.flush(LONG)).isTrue();
            assertThat(future.join().offset()).isGreaterThanOrEqualTo((40 << 20) / (900 << 10));
            assertThat(publisher.stats().acknowledged()).isEqualTo(8);
            assertThat(publisher.stats().failed()).isZero();
        }

        List<StepCapture> session = topic.captures().stream()
                .filter(capture -> capture.getSessionId().equals("s1"))
                .toList();
        assertThat(session).hasSize(3);
        assertThat(session.get(1).equals(large))
                .as("the large capture is the same")
                .isTrue();
    }

    @Test
    void aLargeCaptureArrivesWholeThoughTheBrokerRestartsInBetween() throws Exception {
        topic.create(1, Map.of());
        byte[] noise = new byte[20 << 20];
        new Random(7).nextBytes(noise);
        StepCapture large = aStep().withAttachment("har", noise).numbered(0).build();
        kafka.stop(BROKER);

        try (StepPublisher publisher = publisher().chunkBytes(100_000).open()) {
            publisher.publish(large);
            kafka.start(BROKER);
            await().atMost(LONG).until(() -> topic.end() > 0);
            kafka.stop(BROKER);
            kafka.start(BROKER);

            assertThat(publisher.flush(LONG)).isTrue();
        }

        List<StepCapture> captures = topic.captures();
        assertThat(captures).hasSize(1);
        assertThat(captures.get(0).equals(large)).isTrue();
    }

    @Test
    void capturesPublishedWithoutABrokerArriveOnceThereIsOne() throws Exception {
        topic.create(3, Map.of());
        kafka.stop(BROKER);
        try (StepPublisher publisher = publisher().open()) {
            publish(publisher, "a", 50);
            publish(publisher, "b", 50);
            assertThat(publisher.flush(Duration.ofMillis(100))).isFalse();
            assertThat(publisher.stats().acknowledged()).isZero();

            kafka.start(BROKER);

            assertThat(publisher.flush(LONG)).isTrue();
        }
        assertThat(topic.numbers()).isEqualTo(Map.of("a", upTo(50), "b", upTo(50)));
    }

    @Test
    void capturesWaitForATopicThatIsCreatedLater() throws Exception {
        try (StepPublisher publisher = publisher().open()) {
            publish(publisher, "a", 10);
            assertThat(publisher.flush(Duration.ofMillis(1_500))).isFalse();

            topic.create(1, Map.of());

            assertThat(publisher.flush(LONG)).isTrue();
        }
        assertThat(topic.numbers()).isEqualTo(Map.of("a", upTo(10)));
    }

    @Test
    void nothingIsLostDoubledOrReorderedWhenTheBrokerRestarts() throws Exception {
        topic.create(3, Map.of());
        AtomicBoolean enough = new AtomicBoolean();
        Map<String, Integer> published = new ConcurrentHashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (StepPublisher publisher =
                publisher().queueCount(500).overflow(OverflowPolicy.block(LONG)).open()) {
            List<CompletableFuture<Void>> crawlers = Stream.of("a", "b", "c")
                    .map(session -> CompletableFuture.runAsync(
                            () -> {
                                while (!enough.get()) {
                                    publish(publisher, session, 1);
                                    published.merge(session, 1, Integer::sum);
                                }
                            },
                            threads))
                    .toList();
            awaitAcknowledged(publisher, 1_000);
            kafka.stop(BROKER);
            kafka.start(BROKER);
            awaitAcknowledged(publisher, publisher.stats().acknowledged() + 1_000);
            enough.set(true);
            crawlers.forEach(CompletableFuture::join);

            assertThat(publisher.flush(LONG)).isTrue();
            PublisherStats stats = publisher.stats();
            assertThat(stats.acknowledged()).isEqualTo(stats.accepted());
            assertThat(stats.droppedInAll()).isZero();
        } finally {
            enough.set(true);
            threads.shutdown();
        }
        Map<String, List<Optional<Long>>> numbers = topic.numbers();
        assertThat(published).hasSize(3);
        published.forEach((session, count) -> assertThat(numbers.get(session)).isEqualTo(upTo(count)));
    }

    @Test
    void closingWhileTheBrokerIsAwayReportsWhatIsLeft() throws Exception {
        topic.create(1, Map.of());
        StepPublisher publisher = publisher().open();
        publish(publisher, "a", 5);
        assertThat(publisher.flush(LONG)).isTrue();
        kafka.stop(BROKER);
        publish(publisher, "a", 7);

        CloseReport report = publisher.close(Duration.ofMillis(500));

        assertThat(report.abandonedInQueue() + report.abandonedInFlight()).isEqualTo(7);
        PublisherStats stats = publisher.stats();
        assertThat(stats.acknowledged()).isEqualTo(5);
        assertThat(stats.dropped(DropReason.ABANDONED)).isEqualTo(7);
        assertThat(stats.backlog()).isEqualTo(new PublisherStats.Backlog(0, 0, 0));
    }

    @Test
    void aCaptureThatTheBrokerRefusesIsToldAndTheNextArrives() throws Exception {
        topic.create(1, Map.of("max.message.bytes", "10000"));
        List<FailedCapture> failed = new CopyOnWriteArrayList<>();
        byte[] noise = new byte[50_000];
        new Random(7).nextBytes(noise);
        try (StepPublisher publisher = publisher().onFailed(failed::add).open()) {
            publisher.publish(
                    aStep().step("large").withAttachment("noise", noise).build());
            publisher.publish(aStep().step("small").build());

            assertThat(publisher.flush(LONG)).isFalse();
        }

        assertThat(failed).singleElement().satisfies(failure -> {
            assertThat(failure.id().stepId()).isEqualTo("large");
            assertThat(failure.cause()).isInstanceOf(RecordTooLargeException.class);
        });
        assertThat(topic.captures()).extracting(StepCapture::getStepId).containsExactly("small");
    }

    private static void awaitAcknowledged(StepPublisher publisher, long count) {
        await().atMost(LONG).until(() -> publisher.stats().acknowledged() >= count);
    }

    private PublisherBuilder publisher() {
        return StepPublisher.to(kafka.bootstrapServers()).topic(topic.name());
    }

    private static void publish(StepPublisher publisher, String session, int captures) {
        for (int i = 0; i < captures; i++) {
            PublishResult result = publisher.publish(
                    aStep().inSession(session).step("step-" + i).withHtmlOf(500).build());
            assertThat(result).isEqualTo(PublishResult.ACCEPTED);
        }
    }

    private static List<Optional<Long>> upTo(int count) {
        return LongStream.range(0, count).mapToObj(Optional::of).toList();
    }
}
