package io.stepvault.bench;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.event.StepCapture;
import io.stepvault.producer.PublishResult;
import io.stepvault.producer.PublisherStats;
import io.stepvault.producer.StepPublisher;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long {@code publish()} keeps the crawler, for a capture of 180 KB, queue limits at their defaults. A crawler that
 * does nothing but publish outruns any broker, so each call is prepared, untimed, to be in the one situation that it
 * measures, and fails the run if it is not:
 *
 * <ul>
 *   <li>{@code idle}: accepted; broker up, everything sent, so that the call has to wake the sending thread; one call in
 *       some milliseconds, so the processor's caches are cold
 *   <li>{@code busy}: accepted; broker up, other captures queued, so that the call meets the sending thread at work
 *   <li>{@code down}: accepted; no broker since the start (a full publisher is replaced by an empty one)
 *   <li>{@code full}: refused; no broker, and the queue is full
 * </ul>
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 5)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@State(Scope.Benchmark)
public class PublishBenchmark {
    private static final String TOPIC = "step-captures";
    private static final int BROKER = 1;
    private static final int CALLS_TO_COMPILE = 50_000;
    private static final long PAUSE_NANOS = 20_000;

    /** The situation; see above. */
    @Param({"idle", "busy", "down", "full"})
    private String situation = "";

    @SuppressWarnings("NullAway.Init") // JMH calls start() before anything else
    private StepCapture capture;

    @SuppressWarnings("NullAway.Init") // as above
    private EmbeddedKafka kafka;

    @SuppressWarnings("NullAway.Init") // as above
    private StepPublisher publisher;

    private PublishResult expected = PublishResult.ACCEPTED;

    /** Starts the broker, or starts and stops it so that its address is a real one. */
    @Setup(Level.Trial)
    public void start() throws Exception {
        kafka = EmbeddedKafka.builder()
                .property("log.retention.bytes", "100000000")
                .property("log.segment.bytes", "50000000")
                .property("log.retention.check.interval.ms", "1000")
                .start();
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 12, (short) 1)))
                    .all()
                    .get();
        }
        if (situation.equals("down") || situation.equals("full")) {
            kafka.stop(BROKER);
        }
        publisher = open();
        capture = SampleCapture.of(Instant.now());
        if (situation.equals("idle")) {
            compileIt();
        }
        if (situation.equals("full")) {
            expected = PublishResult.QUEUE_FULL;
            // The first capture is in the sender's hand for ever, so the queue stays full once it is.
            while (publisher.publish(capture) == PublishResult.ACCEPTED
                    || publisher.stats().backlog().inFlight() == 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Brings about the situation. */
    @Setup(Level.Invocation)
    public void prepare() {
        switch (situation) {
            case "idle" -> {
                while (backlog().queued() + backlog().inFlight() > 0) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
            case "busy" -> {
                while (backlog().queuedBytes() > 32 << 20) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
            case "down" -> {
                if (backlog().queuedBytes() > 60 << 20) {
                    publisher.close(Duration.ZERO);
                    publisher = open();
                }
            }
            default -> {}
        }
    }

    /** The call. */
    @Benchmark
    public PublishResult publish() {
        PublishResult result = publisher.publish(capture);
        if (result != expected) {
            throw new IllegalStateException("the call was " + result + "; this run measures " + expected);
        }
        return result;
    }

    /** Stops everything. */
    @TearDown(Level.Trial)
    public void stop() {
        publisher.close(Duration.ZERO);
        kafka.close();
    }

    /** Calls as rare as those of {@code idle} would measure the interpreter. */
    private void compileIt() {
        StepCapture small = SampleCapture.small(Instant.now());
        for (int i = 0; i < CALLS_TO_COMPILE; i++) {
            publisher.publish(small);
        }
        publisher.flush(Duration.ofMinutes(1));
    }

    private StepPublisher open() {
        return StepPublisher.to(kafka.bootstrapServers()).topic(TOPIC).open();
    }

    private PublisherStats.Backlog backlog() {
        return publisher.stats().backlog();
    }
}
