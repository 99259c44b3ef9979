package io.stepvault.worker;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.github.resilience4j.micrometer.tagged.TaggedRetryMetrics;
import io.github.resilience4j.retry.RetryRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.wire.WriterSchemas;
import io.stepvault.worker.assemble.RegistryHealth;
import io.stepvault.worker.assemble.SchemaGate;
import io.stepvault.worker.assemble.file.ChunkFiles;
import io.stepvault.worker.batch.CaptureChoice;
import io.stepvault.worker.config.WorkerConfig;
import io.stepvault.worker.consume.AdminTopicDirectory;
import io.stepvault.worker.consume.Assigner;
import io.stepvault.worker.consume.BlockingMailbox;
import io.stepvault.worker.consume.ConsumerHealth;
import io.stepvault.worker.consume.ConsumerLoop;
import io.stepvault.worker.consume.ConsumerSettings;
import io.stepvault.worker.consume.InstanceIdTakenException;
import io.stepvault.worker.consume.Mailbox;
import io.stepvault.worker.consume.TopicRefusedException;
import io.stepvault.worker.http.WorkerHttpServer;
import io.stepvault.worker.metrics.WorkerMetrics;
import io.stepvault.worker.spool.file.FreeSpace;
import io.stepvault.worker.spool.file.SpoolContents;
import io.stepvault.worker.spool.file.SpoolDirectory;
import io.stepvault.worker.spool.file.SpoolFiles;
import io.stepvault.worker.store.LateOpenedStore;
import io.stepvault.worker.store.StoreGate;
import io.stepvault.worker.store.StoreHealth;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running worker, and the one place where its parts are put together. Safe for any thread.
 *
 * <p>It stays up through outages of the brokers and of the store, at the start as well as later, and says through its
 * health what it waits for.
 */
public final class IngestWorker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(IngestWorker.class);

    private static final Duration LOOK_UP_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(5);

    private final ConsumerLoop loop;
    private final WorkerHttpServer http;
    private final CompletableFuture<Void> ended;
    private final Deque<AutoCloseable> opened;

    private IngestWorker(
            ConsumerLoop loop, WorkerHttpServer http, CompletableFuture<Void> ended, Deque<AutoCloseable> opened) {
        this.loop = loop;
        this.http = http;
        this.ended = ended;
        this.opened = opened;
    }

    /**
     * Starts a worker on the store that its configuration names.
     *
     * @throws IOException if the spool directory cannot be used, or the HTTP address cannot be bound
     * @throws org.apache.kafka.common.KafkaException if a Kafka client refuses its properties
     * @throws io.stepvault.registry.RegistrySetupException if a file for the schema registry cannot be read
     */
    public static IngestWorker start(WorkerConfig config) throws IOException {
        return start(config, options -> StepStore.open(config.store().uri(), options));
    }

    /**
     * Starts a worker on a given store.
     *
     * @param store opens the store, which the worker closes; called again if it fails
     * @throws IOException if the spool directory cannot be used, or the HTTP address cannot be bound
     * @throws org.apache.kafka.common.KafkaException if a Kafka client refuses its properties
     * @throws io.stepvault.registry.RegistrySetupException if a file for the schema registry cannot be read
     */
    public static IngestWorker start(WorkerConfig config, Function<StoreOptions, StepStore> store) throws IOException {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            return start(config, store, opened);
        } catch (IOException | RuntimeException e) {
            OpenedParts.closeAll(opened);
            throw e;
        }
    }

    private static IngestWorker start(
            WorkerConfig config, Function<StoreOptions, StepStore> opener, Deque<AutoCloseable> opened)
            throws IOException {
        Clock clock = Clock.systemUTC();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        opened.addFirst(registry::close);
        WorkerMetrics metrics = new WorkerMetrics(registry);
        CircuitBreakerRegistry breakers = CircuitBreakerRegistry.of(WorkerSettings.breaker(config, clock));
        RetryRegistry retries = RetryRegistry.ofDefaults();
        Mailbox mailbox = new BlockingMailbox(clock);
        ConsumerHealth consumerHealth = new ConsumerHealth(clock, metrics);
        StoreHealth storeHealth = new StoreHealth(config.store().uri(), clock);

        SpoolDirectory directory = OpenedParts.keep(
                opened, SpoolDirectory.open(config.store().spool().directory()));
        SpoolContents spooled = SpoolContents.read(directory, clock);
        SpoolFiles disk = OpenedParts.keep(
                opened,
                new SpoolFiles(
                        directory,
                        spooled,
                        WorkerSettings.spoolLimits(config),
                        FreeSpace.of(directory.queue()),
                        clock));
        ChunkFiles chunks = OpenedParts.keep(opened, new ChunkFiles(directory.chunks()));
        var store = OpenedParts.keep(
                opened,
                new LateOpenedStore(
                        () -> opener.apply(WorkerSettings.storeOptions(config, clock, retries, metrics::putsAre))));
        RegistryHealth registryHealth = new RegistryHealth(clock);
        WriterSchemas schemas = ConfiguredSchemas.open(config.kafka().registry(), clock, opened);
        var admin = OpenedParts.keep(opened, Admin.create(config.kafka().adminProperties()));
        // Closed by its loop, on the thread that owns it; here only if the loop never runs.
        var consumer = OpenedParts.keep(
                opened,
                new KafkaConsumer<>(
                        config.kafka().consumerProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer()));
        Commits commits = Commits.of(config, directory.id(), consumer, admin, mailbox, opened);

        WorkerHttpServer http = OpenedParts.keep(
                opened,
                WorkerHttpServer.start(
                        new InetSocketAddress(
                                config.process().http().host(),
                                config.process().http().port()),
                        new WorkerHealth(consumerHealth, storeHealth, registryHealth, commits.trouble(), clock),
                        registry::scrape));

        Pipeline pipeline = new Pipeline(
                WorkerSettings.pipeline(config),
                mailbox,
                new PipelineEdges(
                        store,
                        new StoreGate(
                                breakers.circuitBreaker("store"), store, PROBE_INTERVAL, mailbox, storeHealth, metrics),
                        disk,
                        spooled.batches(),
                        chunks,
                        new SchemaGate(schemas, mailbox, registryHealth, metrics),
                        commits.committer(),
                        CaptureChoice.ALL,
                        WorkerSettings.slabs(config)),
                metrics);
        ConsumerSettings settings = new ConsumerSettings(
                config.kafka().topics().captures(),
                config.commit().rebalanceDrainTimeout(),
                config.commit().shutdownTimeout());
        Assigner assigner = new Assigner(
                settings,
                consumer,
                new AdminTopicDirectory(admin, config.kafka().bootstrapServers(), LOOK_UP_TIMEOUT),
                pipeline,
                mailbox,
                consumerHealth);
        ConsumerLoop loop = new ConsumerLoop(settings, consumer, pipeline, assigner, mailbox, consumerHealth);

        OpenedParts.keep(opened, new KafkaClientMetrics(consumer)).bindTo(registry);
        TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(breakers).bindTo(registry);
        TaggedRetryMetrics.ofRetryRegistry(retries).bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        OpenedParts.keep(opened, new JvmGcMetrics()).bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);

        return new IngestWorker(loop, http, runInThread(loop, config.process().workerId()), opened);
    }

    /** The port of health and metrics. */
    public int httpPort() {
        return http.port();
    }

    /** Completes when the worker has ended: normally after {@link #close}, exceptionally if it could not go on. */
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    /**
     * Stops reading, stores and commits what was read, for as long as {@code shutdown.timeout} allows, and leaves the
     * group. Idempotent.
     */
    @Override
    public void close() {
        loop.stop();
        ended.handle((nothing, failure) -> null).join();
        synchronized (opened) { // a signal may close it while its owner does
            OpenedParts.closeAll(opened);
        }
    }

    private static CompletableFuture<Void> runInThread(Runnable task, String workerId) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                        ended.complete(null);
                    } catch (TopicRefusedException e) {
                        log.atError().addKeyValue("cause", e.getMessage()).log("Worker refuses its topic");
                        ended.completeExceptionally(e);
                    } catch (InstanceIdTakenException e) {
                        log.atError().addKeyValue("cause", e.getMessage()).log("Worker leaves its place to another");
                        ended.completeExceptionally(e);
                    } catch (RuntimeException | Error e) {
                        log.atError().setCause(e).log("Worker cannot go on; this is a mistake in it, please report it");
                        ended.completeExceptionally(e);
                    }
                },
                "stepvault-pipeline-" + workerId);
        thread.start();
        return ended;
    }
}
