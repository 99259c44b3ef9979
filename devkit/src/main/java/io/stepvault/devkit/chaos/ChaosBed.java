package io.stepvault.devkit.chaos;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.embedded.EmbeddedS3;
import io.stepvault.embedded.FreePorts;
import io.stepvault.embedded.front.S3Front;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.storage.s3.S3Options;
import io.stepvault.worker.config.KafkaConfig;
import io.stepvault.worker.config.Machine;
import io.stepvault.worker.config.WorkerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * All that a run is played on: three brokers, a store behind a front that has faults, topics, and workers. Safe for any
 * thread, but for opening and closing.
 */
final class ChaosBed implements AutoCloseable {
    static final int BROKERS = 3;

    private static final String BUCKET = "captures";
    private static final String PREFIX = "chaos";
    /** Full after some seconds of an outage, though it takes any capture. */
    private static final String SMALL_SPOOL = "8MiB";

    private static final String LARGE_SPOOL = "2GiB";

    private final Path directory;
    private final ChaosSettings settings;
    private final Deque<AutoCloseable> opened;
    private final EmbeddedKafka kafka;
    private final ChaosTopics topics;
    private final Optional<Store> store;
    private final List<WorkerProcess> workers = new CopyOnWriteArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    /** An S3 server, and what stands before it. */
    private record Store(EmbeddedS3 server, S3Front front) {}

    private ChaosBed(
            Path directory,
            ChaosSettings settings,
            Deque<AutoCloseable> opened,
            EmbeddedKafka kafka,
            ChaosTopics topics,
            Optional<Store> store) {
        this.directory = directory;
        this.settings = settings;
        this.opened = opened;
        this.kafka = kafka;
        this.topics = topics;
        this.store = store;
    }

    /**
     * Starts servers and workers.
     *
     * @param directory for everything, logs included
     * @param kafka a running cluster of {@link #BROKERS}, which is closed with this
     */
    static ChaosBed open(Path directory, ChaosSettings settings, EmbeddedKafka kafka) throws InterruptedException {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        opened.push(kafka);
        try {
            ChaosTopics topics = keep(opened, new ChaosTopics(kafka.bootstrapServers()));
            topics.create();
            ChaosBed bed =
                    new ChaosBed(directory, settings, opened, kafka, topics, openStore(directory, settings, opened));
            for (int number = 1; number <= settings.workers(); number++) {
                bed.addWorker();
            }
            return bed;
        } catch (InterruptedException | RuntimeException e) {
            closeAll(opened);
            throw e;
        }
    }

    private static Optional<Store> openStore(Path directory, ChaosSettings settings, Deque<AutoCloseable> opened) {
        if (settings.plan() == ChaosSettings.Plan.MIXED_FILES) {
            return Optional.empty();
        }
        EmbeddedS3 server = keep(
                opened, EmbeddedS3.builder().directory(directory.resolve("s3")).start());
        server.createBucket(BUCKET);
        return Optional.of(new Store(server, keep(opened, S3Front.before(server.endpoint(), settings.seed()))));
    }

    private static <T extends AutoCloseable> T keep(Deque<AutoCloseable> opened, T part) {
        opened.push(part);
        return part;
    }

    EmbeddedKafka kafka() {
        return kafka;
    }

    ChaosTopics topics() {
        return topics;
    }

    /** Empty where the store is a directory. */
    Optional<S3Front> front() {
        return store.map(Store::front);
    }

    /** The store itself, behind the front. */
    void stopStore() {
        store.ifPresent(parts -> parts.server().stop());
    }

    void startStore() {
        store.ifPresent(parts -> parts.server().start());
    }

    List<WorkerProcess> workers() {
        return workers;
    }

    /** @param number from 1 */
    WorkerProcess worker(int number) {
        return workers.get(number - 1);
    }

    /** Starts one more worker. */
    WorkerProcess addWorker() {
        int number = workers.size() + 1;
        Path home = directory.resolve("worker-" + number);
        int port = FreePorts.pick();
        try {
            Files.createDirectories(home);
            Files.write(
                    home.resolve("worker.properties"),
                    configuration(number, home, port).entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue())
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + home, e);
        }
        Map<String, String> credentials = store.map(Store::server)
                .map(server ->
                        Map.of("AWS_ACCESS_KEY_ID", server.accessKey(), "AWS_SECRET_ACCESS_KEY", server.secretKey()))
                .orElse(Map.of());
        WorkerProcess worker = keep(opened, new WorkerProcess(home, port, settings.heap(), credentials, http));
        workers.add(worker);
        worker.start();
        return worker;
    }

    /** Timeouts and pauses shorter than the defaults, so that a short run sees much; all else as it comes. */
    private Map<String, String> configuration(int number, Path home, int port) {
        Map<String, String> properties = new TreeMap<>();
        properties.put("kafka.bootstrap.servers", kafka.bootstrapServers());
        properties.put("group.id", ChaosTopics.GROUP);
        properties.put("worker.id", "chaos-" + number);
        properties.put("http.port", Integer.toString(port));
        properties.put("store.uri", storeUri());
        // Both of them, side by side: a fleet may be changed one worker after the other.
        properties.put("store.s3.write-path", number % 2 == 0 ? "sdk" : "lean");
        properties.put("spool.dir", home.resolve("spool").toString());
        properties.put("spool.max.bytes", hasSmallSpool(number) ? SMALL_SPOOL : LARGE_SPOOL);
        properties.put("spool.min.free.bytes", "64MiB");
        properties.put("batch.max.age", "2s");
        properties.put("batch.max.bytes", "2MiB");
        properties.put("capture.max.bytes", "4MiB");
        properties.put("memory.max.bytes", settings.plan() == ChaosSettings.Plan.SMALL_SPOOL ? "12MiB" : "48MiB");
        properties.put("store.put.timeout", "5s");
        properties.put("store.retry.max.attempts", "3");
        properties.put("store.breaker.open.for", "2s");
        properties.put("shutdown.timeout", "10s");
        return properties;
    }

    /** In a mixture, the first worker's disk is full before long. */
    private boolean hasSmallSpool(int number) {
        return switch (settings.plan()) {
            case SMALL_SPOOL -> true;
            case MIXED, MIXED_FILES -> number == 1;
            case OUTAGE, OUTAGE_REBALANCE -> false;
        };
    }

    private String storeUri() {
        return front().map(S3Front::endpoint)
                .map(ChaosBed::s3Uri)
                .orElseGet(() -> directory.resolve("store").toUri().toString());
    }

    private static String s3Uri(URI endpoint) {
        return "s3://" + BUCKET + "/" + PREFIX + "?region=us-east-1&endpoint=" + endpoint;
    }

    /** The store without the front, to see what is there. */
    StepStore openStore() {
        return store.map(Store::server)
                .map(server -> StepStore.open(
                        URI.create(s3Uri(server.endpoint())),
                        StoreOptions.defaults()
                                .withS3(S3Options.defaults()
                                        .withCredentials(StaticCredentialsProvider.create(
                                                AwsBasicCredentials.create(server.accessKey(), server.secretKey()))))))
                .orElseGet(() -> StepStore.open(URI.create(storeUri())));
    }

    /** How workers reach the brokers. */
    KafkaConfig kafkaConfig() {
        return WorkerConfig.load(
                        Map.of(
                                "kafka.bootstrap.servers",
                                kafka.bootstrapServers(),
                                "store.uri",
                                storeUri(),
                                "spool.dir",
                                directory.toString()),
                        Map.of(),
                        Machine.current())
                .kafka();
    }

    /** Ends all processes and servers, the last that was started first; their files stay. */
    @Override
    public void close() {
        closeAll(opened);
    }

    private static void closeAll(Deque<AutoCloseable> opened) {
        List<Exception> failures = new ArrayList<>();
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            IllegalStateException failure =
                    new IllegalStateException("not all of a run could be closed: " + failures.get(0), failures.get(0));
            failures.subList(1, failures.size()).forEach(failure::addSuppressed);
            throw failure;
        }
    }
}
