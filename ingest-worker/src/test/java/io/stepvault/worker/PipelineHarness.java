package io.stepvault.worker;

import static io.stepvault.worker.Captures.aStep;
import static io.stepvault.worker.Captures.record;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stepvault.capture.CaptureRules;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.worker.assemble.AssembleSettings;
import io.stepvault.worker.assemble.InMemoryChunkStore;
import io.stepvault.worker.assemble.RegistryHealth;
import io.stepvault.worker.assemble.SchemaGate;
import io.stepvault.worker.batch.BatchLimits;
import io.stepvault.worker.batch.CaptureChoice;
import io.stepvault.worker.consume.TopicDirectory;
import io.stepvault.worker.flow.SlabPool;
import io.stepvault.worker.metrics.WorkerMetrics;
import io.stepvault.worker.spool.InMemorySpoolDisk;
import io.stepvault.worker.spool.SpoolSettings;
import io.stepvault.worker.store.StoreGate;
import io.stepvault.worker.store.StoreHealth;
import io.stepvault.worker.store.StoreSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** A pipeline whose time, store, disk and committer a test plays. */
final class PipelineHarness {
    static final TopicDirectory.Lookup.Found TOPIC =
            new TopicDirectory.Lookup.Found("AAAAAAAAAAAAAAAAAAAAKg", "cluster");

    final ManualThread thread;
    final ScriptedWriter store;
    final ScriptedCommitter committer;
    final InMemorySpoolDisk disk;
    final InMemoryChunkStore chunks = new InMemoryChunkStore();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final ScriptedSchemas schemas = new ScriptedSchemas();
    final RegistryHealth registryHealth;
    final StoreHealth storeHealth;
    final Pipeline pipeline;
    private final long memory;

    /** Without a disk queue. */
    PipelineHarness() {
        this(1 << 20);
    }

    /** Without a disk queue. */
    PipelineHarness(long memory) {
        this(memory, new ManualThread());
        disk.refuseWrites("the disk queue is off", false);
    }

    private PipelineHarness(long memory, ManualThread thread) {
        this(memory, thread, new InMemorySpoolDisk(thread.clock()), new ScriptedWriter(), new ScriptedCommitter());
    }

    private PipelineHarness(
            long memory,
            ManualThread thread,
            InMemorySpoolDisk disk,
            ScriptedWriter store,
            ScriptedCommitter committer) {
        this.memory = memory;
        this.thread = thread;
        this.disk = disk;
        this.store = store;
        this.committer = committer;
        this.registryHealth = new RegistryHealth(thread.clock());
        this.storeHealth = new StoreHealth(URI.create("s3://bucket"), thread.clock());
        this.pipeline = pipeline();
    }

    static PipelineHarness withDiskQueue(long memory) {
        return new PipelineHarness(memory, new ManualThread());
    }

    /** The process dies, losing what was not made durable, and another one starts on the same disk. */
    PipelineHarness crash() {
        disk.crash();
        committer.crash();
        return new PipelineHarness(memory, thread.next(), disk, store.next(), committer);
    }

    private Pipeline pipeline() {
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
                        new AssembleSettings(1 << 20, 4 << 20, Duration.ofMinutes(10)),
                        new BatchLimits(Duration.ofSeconds(5), 100_000, 3, 500_000),
                        new StoreSettings(8, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(10)),
                        new SpoolSettings(
                                memory / 4, 3, Duration.ofMinutes(10), Duration.ofSeconds(1), Duration.ofSeconds(30)),
                        Duration.ofMillis(500),
                        100,
                        Optional.empty()),
                thread,
                new PipelineEdges(
                        store,
                        new StoreGate(
                                CircuitBreaker.of("store", breaker),
                                store,
                                Duration.ofSeconds(5),
                                thread,
                                storeHealth,
                                metrics),
                        disk,
                        disk.entries(),
                        chunks,
                        new SchemaGate(schemas, thread, registryHealth, metrics),
                        committer,
                        CaptureChoice.ALL,
                        new SlabPool(4_096, 4, slab -> Arrays.fill(slab, (byte) 0xDB))),
                metrics);
    }

    void assign(TopicPartition... partitions) {
        Map<TopicPartition, Optional<OffsetAndMetadata>> positions = new HashMap<>();
        for (TopicPartition partition : partitions) {
            positions.put(partition, Optional.ofNullable(committer.positions.get(partition)));
        }
        pipeline.assigned(positions, TOPIC);
    }

    void consume(TopicPartition partition, long offset, String session, String step) {
        pipeline.record(record(partition, offset, aStep(session, step).build()));
    }

    boolean mayRead(TopicPartition partition) {
        return pipeline.mayRead(partition);
    }

    double counted(String meter) {
        return registry.get(meter).counter().count();
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
