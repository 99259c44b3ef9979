package io.stepvault.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.StepStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Brokers go and come back while captures are published, stored, completed and committed. */
class BrokerRestartIT {
    private static final int BROKERS = 3;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedKafka kafka;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    private Path directory;

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.builder().brokers(BROKERS).start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    private interface Disturbance {
        void happen(Meters worker);
    }

    private void completesOnceIn(Disturbance disturbance) throws Exception {
        URI uri = directory.resolve("store").toUri();
        Map<String, String> commitsAllTheTime = Map.of("commit.interval", "10ms", "batch.max.age", "50ms");
        try (TestBed bed = new TestBed(kafka, 3, BROKERS).createTopics();
                IngestWorker worker = IngestWorker.start(bed.config(uri.toString(), commitsAllTheTime));
                BackgroundCrawl crawl = new BackgroundCrawl(bed, 6)) {
            Meters meters = Meters.of(worker);
            awaitWork(meters);
            disturbance.happen(meters);
            List<StepCapture> all = crawl.end();

            try (StepStore store = StepStore.open(uri)) {
                TestBed.assertInOrder(bed.assertCompletedOnce(store, all));
            }
            assertThat(worker.ended()).isNotDone();
            await().atMost(TestBed.PATIENCE).until(meters::isReady);
        }
    }

    /** Waits until the worker commits, from now on. */
    private static void awaitWork(Meters worker) {
        double before = worker.value("stepvault_completions_published_total");
        await().atMost(TestBed.PATIENCE)
                .until(() -> worker.value("stepvault_completions_published_total") > before + 10);
    }

    @Test
    void oneBrokerAfterTheOtherRestarts() throws Exception {
        completesOnceIn(worker -> {
            for (int broker = 1; broker <= BROKERS; broker++) {
                kafka.stop(broker);
                awaitWork(worker);
                kafka.start(broker);
                awaitWork(worker);
            }
        });
    }

    @Test
    void allBrokersRestartAtOnce() throws Exception {
        completesOnceIn(worker -> {
            for (int broker = 1; broker <= BROKERS; broker++) {
                kafka.stop(broker);
            }
            for (int broker = 1; broker <= BROKERS; broker++) {
                kafka.start(broker);
            }
            awaitWork(worker);
        });
    }
}
