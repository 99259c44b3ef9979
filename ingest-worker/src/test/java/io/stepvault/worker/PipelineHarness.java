package io.stepvault.worker;

import static io.stepvault.worker.Captures.aStep;
import static io.stepvault.worker.Captures.record;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stepvault.capture.CaptureRules;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.worker.batch.BatchLimits;
import io.stepvault.worker.metrics.WorkerMetrics;
import io.stepvault.worker.store.StoreGate;
import io.stepvault.worker.store.StoreHealth;
import io.stepvault.worker.store.StoreSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** A pipeline whose time, store and committer a test plays. */
final class PipelineHarness {
    final ManualThread thread = new ManualThread();
    final ScriptedWriter store = new ScriptedWriter();
    final ScriptedCommitter committer = new ScriptedCommitter();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final StoreHealth storeHealth = new StoreHealth(URI.create("s3://bucket"), thread.clock());
    final Pipeline pipeline;

    PipelineHarness() {
        this(1 << 20);
    }

    PipelineHarness(long memory) {
        pipeline = pipeline(memory);
    }

    private Pipeline pipeline(long memory) {
        WorkerMetrics metrics = new WorkerMetrics(registry);
        CircuitBreakerConfig breaker = CircuitBreakerConfig.custom()
                .minimumNumberOfCalls(3)
                .slidingWindowSize(3)
                .waitDurationInOpenState(Duration.ofSeconds(10))
                .permittedNumberOfCallsInHalfOpenState(1)
                .clock(thread.clock())
                .build();
        return new Pipeline(
                new PipelineSettings(
                        new CaptureRules(1 << 20, Duration.ofHours(24)),
                        memory,
                        new BatchLimits(Duration.ofSeconds(5), 100_000, 3, 500_000),
                        new StoreSettings(8, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(5)),
                        Duration.ofMillis(500)),
                thread,
                store,
                new StoreGate(
                        CircuitBreaker.of("store", breaker),
                        store,
                        Duration.ofSeconds(5),
                        thread,
                        storeHealth,
                        metrics),
                committer,
                metrics);
    }

    void consume(TopicPartition partition, long offset, String session, String step) {
        pipeline.record(record(partition, offset, aStep(session, step).build()));
    }

    void pass(Duration duration) {
        thread.pass(duration);
        tick();
    }

    /** Takes the answers that are there, and lets the pipeline go on. */
    void tick() {
        thread.runAll();
        pipeline.tick();
        thread.runAll();
    }

    static StoreException unavailable() {
        return new TransientStoreException("s3://bucket", "key", "the store answers 503; it is tried again", null);
    }

    /** Lets everything go well until nothing is left to do. */
    void quiesce() {
        for (int round = 0; round < 40; round++) {
            pass(Duration.ofSeconds(31));
            while (store.pendingProbes() > 0) {
                store.answerProbe(Optional.empty());
            }
            while (store.pendingCalls() > 0) {
                store.succeed();
                thread.runAll();
            }
            tick();
            if (committer.isPending()) {
                committer.succeed();
            }
        }
    }
}
