package io.stepvault.worker.simulation;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.retry.RetryRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stepvault.capture.CaptureRules;
import io.stepvault.storage.ObjectStepStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.storage.retry.RetryOptions;
import io.stepvault.worker.Pipeline;
import io.stepvault.worker.PipelineEdges;
import io.stepvault.worker.PipelineSettings;
import io.stepvault.worker.assemble.AssembleSettings;
import io.stepvault.worker.assemble.InMemoryChunkStore;
import io.stepvault.worker.assemble.RegistryHealth;
import io.stepvault.worker.assemble.SchemaGate;
import io.stepvault.worker.batch.BatchLimits;
import io.stepvault.worker.batch.CaptureChoice;
import io.stepvault.worker.commit.CommitRecords;
import io.stepvault.worker.commit.TransactionSettings;
import io.stepvault.worker.commit.TransactionalCommitter;
import io.stepvault.worker.consume.Assigner;
import io.stepvault.worker.consume.ConsumerEvents;
import io.stepvault.worker.consume.ConsumerHealth;
import io.stepvault.worker.consume.ConsumerLoop;
import io.stepvault.worker.consume.ConsumerSettings;
import io.stepvault.worker.consume.Mailbox;
import io.stepvault.worker.deadletter.DeadLetterFormat;
import io.stepvault.worker.flow.SlabPool;
import io.stepvault.worker.metrics.WorkerMetrics;
import io.stepvault.worker.spool.SpoolSettings;
import io.stepvault.worker.spool.file.SimulatedDisk;
import io.stepvault.worker.store.LateOpenedStore;
import io.stepvault.worker.store.StoreGate;
import io.stepvault.worker.store.StoreHealth;
import io.stepvault.worker.store.StoreSettings;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.Consumer;

/** A worker process: the real one from the consumer's loop on, put together as {@code IngestWorker} does it. */
final class SimulatedProcess {
    static final Duration CHUNK_TIMEOUT = Duration.ofSeconds(8);
    static final long MAX_CAPTURE_BYTES = 1 << 20;

    private static final RetryOptions RETRY =
            RetryOptions.defaults().withMaxAttempts(2).withIntervals(Duration.ofMillis(100), Duration.ofSeconds(1));
    private static final ConsumerSettings CONSUMER =
            new ConsumerSettings(SimulatedBrokers.TOPIC, Duration.ofSeconds(3), Duration.ofSeconds(3));

    final Machine machine;
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final InMemoryChunkStore chunks = new InMemoryChunkStore();
    private final String name;
    private final World world;
    private final Lane storeThreads;
    private final Lane storeTimer;
    private final Lane committing;
    private final Lane spoolWriter;
    private final Lane spoolReader;
    private final Lane schemaRequests;
    private final Lane answers;
    private final List<Lane> lanes;
    private final Deque<Runnable> mail = new ArrayDeque<>();
    private final ConsumerLoop loop;
    private final Consumer<byte[], byte[]> consumer;
    private boolean alive = true;
    private boolean busy;
    private Instant stalledUntil = Instant.MIN;
    private Instant cutOffUntil = Instant.MIN;

    SimulatedProcess(World world, Machine machine) {
        this.world = world;
        this.machine = machine;
        this.name = machine.nextProcessName();
        Clock clock = world.clock;
        storeThreads = new Lane(clock, false);
        storeTimer = new Lane(clock, false);
        committing = new Lane(clock, true);
        spoolWriter = new Lane(clock, true);
        spoolReader = new Lane(clock, true);
        schemaRequests = new Lane(clock, true);
        answers = new Lane(clock, false);
        lanes = List.of(storeThreads, storeTimer, committing, spoolWriter, spoolReader, schemaRequests, answers);

        Random random = world.random;
        WorkerMetrics metrics = new WorkerMetrics(registry);
        Mailbox mailbox = new World.Mail(world, this);
        ConsumerHealth health = new ConsumerHealth(clock, metrics);
        consumer = world.wiring.consumer(world.brokers, this);
        LateOpenedStore store = new LateOpenedStore(() -> new ObjectStepStore(
                world.wiring.objects(world.store.seenBy(this)),
                "",
                StoreOptions.defaults()
                        .withClock(clock)
                        .withExecutor(storeThreads)
                        .withScheduler(storeTimer)
                        .withRetry(RETRY.withRandom(random).withRegistry(RetryRegistry.ofDefaults()))));
        var writer = world.wiring.writer(store);
        SimulatedDisk.Spool spool = machine.disk.open(machine.spoolLimits, clock, spoolWriter, spoolReader);
        String transactionalId = "stepvault-" + machine;
        TransactionalCommitter committer = new TransactionalCommitter(
                () -> world.wiring.producer(world.brokers, this, transactionalId),
                new TransactionSettings(transactionalId, SimulatedTransactions.TIMEOUT, Duration.ofMillis(100), random),
                consumer::groupMetadata,
                partitions -> world.brokers.committed(this, partitions),
                new CommitRecords(World.COMPLETIONS, letter -> DeadLetterFormat.records(letter, World.DEAD_LETTERS)),
                mailbox,
                committing);
        Pipeline real = new Pipeline(
                settings(machine.memoryLimit),
                mailbox,
                new PipelineEdges(
                        writer,
                        new StoreGate(
                                CircuitBreaker.of("store", breaker(clock)),
                                writer,
                                Duration.ofSeconds(5),
                                mailbox,
                                new StoreHealth(URI.create("s3://bucket"), clock),
                                metrics),
                        world.spools.watch(machine, world.wiring.spool(spool.disk())),
                        spool.found(),
                        world.wiring.chunks(chunks),
                        new SchemaGate(
                                world.wiring.schemas(world.registry.seenThrough(schemaRequests)),
                                mailbox,
                                new RegistryHealth(clock),
                                metrics),
                        committer,
                        CaptureChoice.ALL,
                        new SlabPool(4_096, 4, slab -> Arrays.fill(slab, (byte) 0xDB))),
                metrics);
        ConsumerEvents pipeline = world.wiring.pipeline(real);
        Assigner assigner =
                new Assigner(CONSUMER, consumer, topic -> world.brokers.find(this), pipeline, mailbox, health);
        loop = new ConsumerLoop(CONSUMER, consumer, pipeline, assigner, mailbox, health);
        loop.join();
    }

    private static CircuitBreakerConfig breaker(Clock clock) {
        return CircuitBreakerConfig.custom()
                .minimumNumberOfCalls(3)
                .slidingWindowSize(3)
                .waitDurationInOpenState(Duration.ofSeconds(10))
                .permittedNumberOfCallsInHalfOpenState(1)
                .clock(clock)
                .build();
    }

    private static PipelineSettings settings(long memory) {
        return new PipelineSettings(
                new CaptureRules(MAX_CAPTURE_BYTES, Duration.ofHours(24)),
                memory,
                new AssembleSettings(MAX_CAPTURE_BYTES, memory < 100_000 ? 3_000 : 4 << 20, CHUNK_TIMEOUT),
                new BatchLimits(Duration.ofSeconds(2), 100_000, 3, 500_000),
                new StoreSettings(8, Duration.ofSeconds(1), Duration.ofSeconds(20), Duration.ofSeconds(10)),
                new SpoolSettings(memory / 4, 3, Duration.ofMinutes(1), Duration.ofSeconds(1), Duration.ofSeconds(20)),
                Duration.ofMillis(500),
                100,
                Optional.empty());
    }

    boolean isRunning() {
        return alive && !isStalled();
    }

    boolean isAlive() {
        return alive;
    }

    boolean isStalled() {
        return stalledUntil.isAfter(world.clock.instant());
    }

    boolean isCutOff() {
        return cutOffUntil.isAfter(world.clock.instant());
    }

    boolean isFree() {
        return isRunning() && !busy;
    }

    void stall(Duration time) {
        stalledUntil = world.clock.instant().plus(time);
    }

    void cutOff(Duration time) {
        cutOffUntil = world.clock.instant().plus(time);
    }

    void goOn() {
        stalledUntil = Instant.MIN;
        cutOffUntil = Instant.MIN;
    }

    void kill() {
        alive = false;
        machine.runsNothing();
    }

    /** What came for it from outside: heard when it runs again, if ever. */
    void answer(Runnable task) {
        if (isRunning()) {
            task.run();
        } else if (alive) {
            answers.execute(task);
        }
    }

    /** A round of its loop. */
    void round() {
        work(loop::round);
    }

    /** Ends in good order. */
    void stop() {
        work(() -> {
            loop.stop();
            loop.finish();
            consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ZERO));
            kill();
        });
    }

    /** What its loop does. */
    private interface Work {
        void run() throws InterruptedException;
    }

    private void work(Work work) {
        busy = true;
        try {
            work.run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (ProcessKilled e) {
            if (alive) {
                throw e;
            }
        } finally {
            busy = false;
        }
    }

    boolean hasTasks() {
        for (Lane lane : lanes) {
            if (lane.hasDue()) {
                return true;
            }
        }
        return false;
    }

    /** Runs a task of one of its other threads. */
    void runTask(Random random) {
        int first = random.nextInt(lanes.size());
        for (int i = 0; i < lanes.size(); i++) {
            Lane lane = lanes.get((first + i) % lanes.size());
            if (lane.hasDue()) {
                lane.runNext(random);
                return;
            }
        }
    }

    boolean hasAnyTask() {
        return !mail.isEmpty() || lanes.stream().anyMatch(lane -> !lane.isEmpty());
    }

    Deque<Runnable> mail() {
        return mail;
    }

    double counted(String counter) {
        return registry.get(counter).counter().count();
    }

    double measured(String gauge) {
        return registry.get(gauge).gauge().value();
    }

    @Override
    public String toString() {
        return name;
    }
}
