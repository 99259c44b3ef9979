package io.stepvault.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.StepStore;
import io.stepvault.worker.config.WorkerConfig;
import io.stepvault.worker.consume.InstanceIdTakenException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More workers and fewer, each a process of its own, while captures keep coming. */
class ScalingIT {
    private static final int PARTITIONS = 16;
    private static final String REBALANCES = "kafka_consumer_coordinator_rebalance_total";

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

    private String store() {
        return directory.resolve("store").toUri().toString();
    }

    private void assertCompletedOnce(TestBed bed, BackgroundCrawl crawl) {
        List<StepCapture> all = crawl.end();
        try (StepStore reader = StepStore.open(URI.create(store()))) {
            TestBed.assertInOrder(bed.assertCompletedOnce(reader, all));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void eachOfOneTwoAndFourWorkersGetsItsShareAndNothingIsDoneTwice(String protocol) throws Exception {
        Map<String, String> properties = new HashMap<>(Map.of("kafka.consumer.group.protocol", protocol));
        if (protocol.equals("classic")) {
            // A worker hears of a rebalance by its next heartbeat.
            properties.put("kafka.consumer.heartbeat.interval.ms", "300");
        }
        try (TestBed bed = new TestBed(kafka, PARTITIONS).createTopics();
                BackgroundCrawl crawl = new BackgroundCrawl(bed, 4 * PARTITIONS);
                Fleet fleet = new Fleet(bed, properties)) {
            for (int workers : new int[] {1, 2, 4, 2, 1}) {
                fleet.becomes(workers);
                fleet.awaitFairShares();
                fleet.awaitWork();
            }
            assertCompletedOnce(bed, crawl);
        }
    }

    /** Workers that come, each with directories of its own, and go, the youngest first. */
    private final class Fleet implements AutoCloseable {
        private final TestBed bed;
        private final Map<String, String> properties;
        private final Deque<WorkerProcess> workers = new ArrayDeque<>();
        private int started;

        Fleet(TestBed bed, Map<String, String> properties) {
            this.bed = bed;
            this.properties = properties;
        }

        void becomes(int size) throws IOException, InterruptedException {
            while (workers.size() > size) {
                workers.removeLast().stop();
            }
            while (workers.size() < size) {
                workers.addLast(
                        WorkerProcess.start(bed.config(store(), properties), directory.resolve("worker-" + started++)));
            }
        }

        void awaitFairShares() {
            await().atMost(TestBed.PATIENCE).untilAsserted(() -> {
                for (WorkerProcess worker : workers) {
                    assertThat(worker.meters().value("stepvault_partitions_assigned"))
                            .isEqualTo((double) PARTITIONS / workers.size());
                }
            });
        }

        void awaitWork() throws IOException {
            for (WorkerProcess worker : workers) {
                ScalingIT.awaitWork(worker.meters());
            }
        }

        @Override
        public void close() {
            workers.forEach(WorkerProcess::close);
        }
    }

    /** Waits until a worker stores and commits, from now on. */
    private static void awaitWork(Meters worker) {
        double before = worker.value("stepvault_completions_published_total");
        await().atMost(TestBed.PATIENCE)
                .until(() -> worker.value("stepvault_completions_published_total") > before + 3);
    }

    @Test
    void aStaticMemberThatIsRestartedOrKilledGoesOnWithItsPartitionsAndOthersDoNotNotice() throws Exception {
        try (TestBed bed = new TestBed(kafka, PARTITIONS).createTopics();
                BackgroundCrawl crawl = new BackgroundCrawl(bed, 4 * PARTITIONS);
                IngestWorker stays = IngestWorker.start(staticMember(bed, "two"))) {
            WorkerConfig config = staticMember(bed, "one");
            Meters undisturbed = Meters.of(stays);
            Map<String, Set<TopicPartition>> shares;
            double rebalances;
            try (WorkerProcess first = WorkerProcess.start(config, directory)) {
                awaitShares(first.meters(), undisturbed);
                awaitWork(first.meters());
                shares = shares(bed);
                rebalances = undisturbed.sum(REBALANCES);
                assertThat(rebalances).isPositive();
                first.stop();
            }
            try (WorkerProcess restarted = WorkerProcess.start(config, directory)) {
                awaitWork(restarted.meters());
                assertThat(shares(bed)).isEqualTo(shares);
                restarted.kill();
            }
            try (WorkerProcess again = WorkerProcess.start(config, directory)) {
                awaitWork(again.meters());
                assertThat(shares(bed)).isEqualTo(shares);
                assertThat(undisturbed.sum(REBALANCES)).isEqualTo(rebalances);
                assertCompletedOnce(bed, crawl);
            }
        }
    }

    @Test
    void ofTwoWorkersWithTheSameInstanceIdTheEarlierEndsAndTheOtherTakesItsPartitions() throws Exception {
        try (TestBed bed = new TestBed(kafka, PARTITIONS).createTopics();
                BackgroundCrawl crawl = new BackgroundCrawl(bed, 4 * PARTITIONS);
                IngestWorker earlier = IngestWorker.start(staticMember(bed, "same"))) {
            awaitWork(Meters.of(earlier));

            try (IngestWorker later = IngestWorker.start(staticMember(bed, "same"))) {
                assertThat(earlier.ended())
                        .failsWithin(TestBed.PATIENCE)
                        .withThrowableThat()
                        .withCauseInstanceOf(InstanceIdTakenException.class)
                        .withMessageContaining("kafka.consumer.group.instance.id, same");
                awaitWork(Meters.of(later));
                assertThat(later.ended()).isNotDone();
                assertCompletedOnce(bed, crawl);
            }
        }
    }

    private WorkerConfig staticMember(TestBed bed, String id) {
        return bed.config(
                store(), Map.of("kafka.consumer.group.instance.id", id, "kafka.consumer.session.timeout.ms", "45000"));
    }

    private static void awaitShares(Meters one, Meters other) {
        await().atMost(TestBed.PATIENCE).untilAsserted(() -> {
            assertThat(one.value("stepvault_partitions_assigned")).isEqualTo(PARTITIONS / 2.0);
            assertThat(other.value("stepvault_partitions_assigned")).isEqualTo(PARTITIONS / 2.0);
        });
    }

    /** Who holds what, by {@code group.instance.id}. */
    private static Map<String, Set<TopicPartition>> shares(TestBed bed)
            throws ExecutionException, InterruptedException {
        Map<String, Set<TopicPartition>> shares = new HashMap<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bed.bootstrapServers()))) {
            admin.describeConsumerGroups(List.of(bed.group)).all().get().values().stream()
                    .flatMap(group -> group.members().stream())
                    .forEach(member -> shares.put(
                            member.groupInstanceId().orElseThrow(),
                            member.assignment().topicPartitions()));
        }
        return shares;
    }
}
