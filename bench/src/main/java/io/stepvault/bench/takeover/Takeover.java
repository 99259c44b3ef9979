package io.stepvault.bench.takeover;

import io.stepvault.bench.SampleCapture;
import io.stepvault.bench.WorkerProcess;
import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.event.StepCapture;
import io.stepvault.producer.PublishResult;
import io.stepvault.producer.StepPublisher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Measures how long the partitions of a worker that is killed (SIGKILL) stand still. Two workers with the defaults that
 * they ship with share a topic to which captures go at a steady pace; one is killed; the time ends when each partition
 * that was its own has had a completion of the other. Each capture ends its session, so that no batch waits for its age,
 * which would come on top. The broker runs in this process, the store is on disk.
 */
public final class Takeover {
    private static final int ROUNDS = 5;
    private static final int SESSIONS = 60;
    private static final Duration PACE = Duration.ofMillis(10);

    private Takeover() {}

    /**
     * Runs it, and prints the times.
     *
     * @param args the number of rounds, or nothing
     */
    public static void main(String[] args) throws Exception {
        int rounds = args.length == 0 ? ROUNDS : Integer.parseInt(args[0]);
        List<Duration> times = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            Duration time = round();
            System.out.printf("all partitions of the dead worker went on after %5.1f s%n", seconds(time));
            times.add(time);
        }
        Collections.sort(times);
        System.out.printf(
                "takeover: median %.1f s, most %.1f s, of %d (target: under 10 s)%n",
                seconds(times.get(times.size() / 2)), seconds(times.get(times.size() - 1)), times.size());
    }

    private static Duration round() throws Exception {
        Path directory = Files.createTempDirectory("stepvault-takeover");
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(
                            new NewTopic("step-captures", 12, (short) 1),
                            new NewTopic("step-captures.completed", 12, (short) 1)))
                    .all()
                    .get();
            GroupMembers members = new GroupMembers(admin, "stepvault");
            try (WorkerProcess first = WorkerProcess.start(kafka.bootstrapServers(), directory, "first")) {
                String id = members.awaitOnly();
                try (WorkerProcess second = WorkerProcess.start(kafka.bootstrapServers(), directory, "second");
                        StepPublisher publisher =
                                StepPublisher.to(kafka.bootstrapServers()).open();
                        CompletedPartitions completed = new CompletedPartitions(kafka.bootstrapServers())) {
                    ScheduledExecutorService crawl = publishSteadily(publisher);
                    try {
                        var doomed = members.awaitShareOf(id);
                        completed.awaitAll(doomed, Instant.now());
                        Instant killed = Instant.now();
                        first.kill();
                        return Duration.between(killed, completed.awaitAll(doomed, Instant.now()));
                    } finally {
                        crawl.shutdownNow();
                    }
                }
            }
        }
    }

    private static ScheduledExecutorService publishSteadily(StepPublisher publisher) {
        ScheduledExecutorService crawl = Executors.newSingleThreadScheduledExecutor();
        AtomicInteger steps = new AtomicInteger();
        var unused = crawl.scheduleAtFixedRate(
                () -> publish(publisher, steps.getAndIncrement()), 0, PACE.toMillis(), TimeUnit.MILLISECONDS);
        return crawl;
    }

    private static void publish(StepPublisher publisher, int step) {
        StepCapture capture = StepCapture.newBuilder(SampleCapture.small(Instant.now()))
                .setSessionId("session-" + step % SESSIONS)
                .setStepId("step-" + step)
                .setEndOfSession(true)
                .build();
        if (publisher.publish(capture) != PublishResult.ACCEPTED) {
            System.err.println("a capture was not accepted: the broker is too slow for this measurement");
        }
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1e3;
    }
}
