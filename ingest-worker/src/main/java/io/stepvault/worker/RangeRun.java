package io.stepvault.worker;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stepvault.wire.WriterSchemas;
import io.stepvault.worker.assemble.RegistryHealth;
import io.stepvault.worker.assemble.SchemaGate;
import io.stepvault.worker.assemble.file.ChunkFiles;
import io.stepvault.worker.batch.CaptureChoice;
import io.stepvault.worker.commit.Committer;
import io.stepvault.worker.config.KafkaConfig;
import io.stepvault.worker.config.WorkerConfig;
import io.stepvault.worker.consume.AdminTopicDirectory;
import io.stepvault.worker.consume.Assigner;
import io.stepvault.worker.consume.BlockingMailbox;
import io.stepvault.worker.consume.ConsumerHealth;
import io.stepvault.worker.consume.ConsumerLoop;
import io.stepvault.worker.consume.ConsumerSettings;
import io.stepvault.worker.consume.Mailbox;
import io.stepvault.worker.flow.DeadLetter;
import io.stepvault.worker.metrics.WorkerMetrics;
import io.stepvault.worker.replay.ConsumerLookup;
import io.stepvault.worker.replay.GroupProgress;
import io.stepvault.worker.replay.JobProgress;
import io.stepvault.worker.replay.OwnProgress;
import io.stepvault.worker.replay.RangeCommitter;
import io.stepvault.worker.replay.RangeEvents;
import io.stepvault.worker.replay.RangeTally;
import io.stepvault.worker.replay.TopicRange;
import io.stepvault.worker.spool.NoDiskQueue;
import io.stepvault.worker.store.StepWriter;
import io.stepvault.worker.store.StoreGate;
import io.stepvault.worker.store.StoreHealth;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a range of the topic to its end, through a pipeline like the worker's, beside the live group. The place where its
 * parts are put together. Safe for any thread.
 *
 * <p>It rides out outages of the brokers and of the store as a worker does, and says what it waits for.
 */
public final class RangeRun implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RangeRun.class);

    private static final long FORGET_SECONDS = 5;
    private static final Duration LOOK_UP_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(5);

    private final ConsumerLoop loop;
    private final CompletableFuture<Boolean> ended;
    private final Supplier<Optional<String>> trouble;
    private final Deque<AutoCloseable> opened;

    /**
     * What to do.
     *
     * @param range what to read
     * @param group its consumer group. A run that is shared keeps its progress there, and others of the same group take a
     *     share; any other leaves nothing there, and should have a group of its own
     * @param isShared whether it is
     * @param completions publish completions, marked with this id; empty: none
     * @param chunkDirectory an empty directory for captures that came in chunks
     * @param choice what of it goes to the writer
     */
    public record Plan(
            TopicRange range,
            String group,
            boolean isShared,
            Optional<String> completions,
            Path chunkDirectory,
            CaptureChoice choice) {}

    private RangeRun(
            ConsumerLoop loop,
            CompletableFuture<Boolean> ended,
            Supplier<Optional<String>> trouble,
            Deque<AutoCloseable> opened) {
        this.loop = loop;
        this.ended = ended;
        this.trouble = trouble;
        this.opened = opened;
    }

    /**
     * Begins to read.
     *
     * @param config the cluster, the topics, budgets; its group is left alone
     * @param store is given the captures, batch by batch; it is the caller's to close, after this
     * @param tally is told how it goes, on a thread of this
     * @param refused is told of each record that can never be stored, on the same thread
     * @throws org.apache.kafka.common.KafkaException if a Kafka client refuses its properties
     * @throws io.stepvault.registry.RegistrySetupException if a file for the schema registry cannot be read
     */
    public static RangeRun start(
            WorkerConfig config, Plan plan, StepWriter store, RangeTally tally, Consumer<DeadLetter> refused) {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            return start(config, plan, store, tally, refused, opened);
        } catch (RuntimeException e) {
            OpenedParts.closeAll(opened);
            throw e;
        }
    }

    private static RangeRun start(
            WorkerConfig given,
            Plan plan,
            StepWriter store,
            RangeTally tally,
            Consumer<DeadLetter> refused,
            Deque<AutoCloseable> opened) {
        WorkerConfig config = withGroup(given, plan.group());
        KafkaConfig kafka = config.kafka();
        Clock clock = Clock.systemUTC();
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        opened.addFirst(registry::close);
        WorkerMetrics metrics = new WorkerMetrics(registry);
        Mailbox mailbox = new BlockingMailbox(clock);
        ConsumerHealth consumerHealth = new ConsumerHealth(clock, metrics);
        StoreHealth storeHealth = new StoreHealth(config.store().uri(), clock);
        ChunkFiles chunks = OpenedParts.keep(opened, new ChunkFiles(plan.chunkDirectory()));
        RegistryHealth registryHealth = new RegistryHealth(clock);
        WriterSchemas schemas = ConfiguredSchemas.open(kafka.registry(), clock, opened);
        Admin admin = OpenedParts.keep(opened, Admin.create(kafka.adminProperties()));
        if (!plan.isShared()) {
            opened.addFirst(() -> forget(admin, plan.group()));
        }
        Map<String, Object> properties = kafka.consumerProperties();
        properties.remove("group.instance.id"); // one that leaves for good must not be waited for
        var consumer = OpenedParts.keep(
                opened, new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer()));

        OwnProgress own = new OwnProgress();
        GroupProgress group = new GroupProgress(consumer);
        JobProgress progress = plan.isShared() ? group : own;
        Committer committer = plan.isShared() ? group : own;
        Supplier<Optional<String>> commitTrouble = Optional::empty;
        if (plan.completions().isPresent()) {
            Commits commits = Commits.of(config, UUID.randomUUID(), consumer, admin, mailbox, opened);
            committer = commits.committer();
            commitTrouble = commits.trouble();
        }
        RangeCommitter marking =
                new RangeCommitter(committer, plan.completions().isPresent(), tally, refused);

        PipelineSettings settings = WorkerSettings.pipeline(config);
        Pipeline pipeline = new Pipeline(
                plan.completions().map(settings::ofReplay).orElse(settings),
                mailbox,
                new PipelineEdges(
                        store,
                        new StoreGate(
                                CircuitBreaker.of("store", WorkerSettings.breaker(config, clock)),
                                store,
                                PROBE_INTERVAL,
                                mailbox,
                                storeHealth,
                                metrics),
                        new NoDiskQueue(),
                        List.of(),
                        chunks,
                        new SchemaGate(schemas, mailbox, registryHealth, metrics),
                        marking,
                        plan.choice(),
                        WorkerSettings.slabs(config)),
                metrics);
        CompletableFuture<Void> done = new CompletableFuture<>();
        RangeEvents events = new RangeEvents(
                pipeline,
                pipeline,
                new RangeEvents.Range(plan.range(), new ConsumerLookup(consumer, plan.range()), progress, marking),
                tally,
                clock,
                () -> done.complete(null));
        ConsumerSettings consuming = new ConsumerSettings(
                kafka.topics().captures(),
                config.commit().rebalanceDrainTimeout(),
                config.commit().shutdownTimeout());
        Assigner assigner = new Assigner(
                consuming,
                consumer,
                new AdminTopicDirectory(admin, kafka.bootstrapServers(), LOOK_UP_TIMEOUT),
                events,
                mailbox,
                consumerHealth);
        ConsumerLoop loop = new ConsumerLoop(consuming, consumer, events, assigner, mailbox, consumerHealth);
        var unused = done.thenRun(loop::stop);
        Supplier<Optional<String>> commits = commitTrouble;
        return new RangeRun(
                loop,
                runInThread(loop, done),
                () -> consumerHealth
                        .trouble()
                        .or(() -> storeHealth.trouble().map(StoreHealth.Trouble::why))
                        .or(() -> registryHealth.trouble().map(RegistryHealth.Trouble::why))
                        .or(commits),
                opened);
    }

    /** Nothing is kept there, but it would be listed for some minutes. Needs a right of its own, which may be missing. */
    private static void forget(Admin admin, String group) {
        try {
            admin.deleteConsumerGroups(List.of(group)).all().get(FORGET_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            log.atDebug().setCause(e).addKeyValue("group", group).log("Group of a reading not deleted; brokers will");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static WorkerConfig withGroup(WorkerConfig config, String group) {
        KafkaConfig kafka = config.kafka();
        return new WorkerConfig(
                new KafkaConfig(kafka.bootstrapServers(), group, kafka.topics(), kafka.overrides(), kafka.registry()),
                config.store(),
                config.batch(),
                config.budget(),
                config.commit(),
                config.process());
    }

    /**
     * Completes when it has ended: with whether it came to the end of all that it was assigned, or exceptionally if it
     * could not go on.
     */
    public CompletableFuture<Boolean> ended() {
        return ended.copy();
    }

    /** What it waits for, if it does. */
    public Optional<String> trouble() {
        return trouble.get();
    }

    /** Stops reading, has stored and committed what was read as far as {@code shutdown.timeout} allows, and ends. */
    @Override
    public void close() {
        loop.stop();
        ended.handle((finished, failure) -> null).join();
        synchronized (opened) { // a signal may close it while its owner does
            OpenedParts.closeAll(opened);
        }
    }

    private static CompletableFuture<Boolean> runInThread(Runnable task, CompletableFuture<Void> done) {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                        ended.complete(done.isDone());
                    } catch (RuntimeException | Error e) {
                        ended.completeExceptionally(e);
                    }
                },
                "stepvault-range");
        thread.start();
        return ended;
    }
}
