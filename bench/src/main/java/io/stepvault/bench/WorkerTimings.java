package io.stepvault.bench;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.event.StepCapture;
import io.stepvault.producer.StepPublisher;
import io.stepvault.storage.StepStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Measures two times of a worker in a process of its own, on a broker in this one and a store on disk: from the start of
 * its JVM to its first poll, and, when it has nothing else to do, from {@code publish()} until the capture can be read.
 */
public final class WorkerTimings {
    private static final int ROUNDS = 7;
    private static final String TOPIC = "step-captures";
    private static final Duration POLL = Duration.ofMillis(5);

    private WorkerTimings() {}

    public static void main(String[] args) throws Exception {
        Path directory = Files.createTempDirectory("stepvault-timings");
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().start()) {
            createTopics(kafka.bootstrapServers());
            List<Duration> starts = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                try (WorkerProcess worker = WorkerProcess.start(kafka.bootstrapServers(), directory, "spool")) {
                    starts.add(worker.firstPoll());
                }
            }
            report("start of the JVM to the first poll", starts);
            try (WorkerProcess worker = WorkerProcess.start(kafka.bootstrapServers(), directory, "spool")) {
                report("publish() to readable, idle, batch.max.age=5s", readable(kafka.bootstrapServers(), directory));
            }
        }
        System.out.println("files: " + directory);
    }

    private static List<Duration> readable(String bootstrapServers, Path directory) throws InterruptedException {
        List<Duration> times = new ArrayList<>();
        try (StepPublisher publisher = StepPublisher.to(bootstrapServers).open();
                StepStore store = StepStore.open(directory.resolve("store").toUri())) {
            for (int round = 0; round < ROUNDS; round++) {
                StepCapture capture = SampleCapture.of(Instant.now());
                Instant published = Instant.now();
                publisher.publish(capture);
                while (store.load(capture.getSessionId(), capture.getStepId())
                        .filter(step -> step.record()
                                .capturedAt()
                                .equals(capture.getCapturedAt().truncatedTo(ChronoUnit.MICROS)))
                        .isEmpty()) {
                    Thread.sleep(POLL.toMillis());
                }
                times.add(Duration.between(published, Instant.now()));
            }
        }
        return times;
    }

    private static void createTopics(String bootstrapServers) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(
                            new NewTopic(TOPIC, 12, (short) 1), new NewTopic(TOPIC + ".completed", 12, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static void report(String what, List<Duration> times) {
        List<Duration> sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        System.out.printf(
                "%-50s median %5d ms, least %5d ms, most %5d ms, of %d%n",
                what,
                sorted.get(sorted.size() / 2).toMillis(),
                sorted.get(0).toMillis(),
                sorted.get(sorted.size() - 1).toMillis(),
                sorted.size());
    }
}
