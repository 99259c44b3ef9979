package io.stepvault.worker.config;

import io.stepvault.registry.CachedSchemas;
import io.stepvault.registry.RegistrySettings;
import io.stepvault.storage.Compression;
import io.stepvault.storage.s3.S3Options;
import io.stepvault.worker.config.DefaultValue.Fixed;
import io.stepvault.worker.config.DefaultValue.FromMachine;
import io.stepvault.worker.config.DefaultValue.Required;
import io.stepvault.worker.config.DefaultValue.Unset;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.event.Level;

/**
 * Every key of the worker, except those that pass through to Kafka's clients. The one place that says a key's name,
 * type, range, default and meaning; all else is derived. Constants only.
 */
public final class WorkerKeys {
    private static final String V0_1 = "0.1.0";

    private static final ValueType<String> TOPIC = ValueType.text(
            Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}"),
            "a topic name: 1 to 249 of letters, digits, `.`, `_`, `-`");

    public static final ConfigKey<String> KAFKA_BOOTSTRAP_SERVERS = new ConfigKey<>(
            "kafka.bootstrap.servers",
            ValueType.text(
                    Pattern.compile(
                            "\\s*%1$s\\s*(,\\s*%1$s\\s*)*".formatted("(\\[[0-9A-Fa-f:.%]+]|[A-Za-z0-9._-]+):\\d{1,5}")),
                    "`host:port`, several separated by commas"),
            new Required<>("localhost:9092"),
            "Where the client first asks for the cluster. All three topics live on this one cluster.",
            V0_1);

    public static final ConfigKey<String> GROUP_ID = new ConfigKey<>(
            "group.id",
            ValueType.text(Pattern.compile("[^\\p{Cntrl}\\s]{1,249}"), "1 to 249 characters without blanks"),
            new Fixed<>("stepvault"),
            "The consumer group. Workers with the same group share the topic's partitions.",
            V0_1);

    public static final ConfigKey<String> TOPIC_CAPTURES = new ConfigKey<>(
            "topic.captures",
            TOPIC,
            new Fixed<>("step-captures"),
            "The topic that step captures are read from. It must not be compacted.",
            V0_1);

    public static final ConfigKey<String> TOPIC_COMPLETIONS = new ConfigKey<>(
            "topic.completions",
            TOPIC,
            new Fixed<>("step-captures.completed"),
            "The topic that completion events are sent to.",
            V0_1);

    public static final ConfigKey<String> TOPIC_DEAD_LETTERS = new ConfigKey<>(
            "topic.dead-letters",
            TOPIC,
            new Fixed<>("step-captures.dead-letters"),
            "The topic for records that can never be stored.",
            V0_1);

    public static final ConfigKey<List<URI>> REGISTRY_URL = new ConfigKey<>(
            "schema.registry.url",
            RegistryConfig.URLS,
            new Unset<>(),
            "Where the schema registry is, for records in the Confluent wire format; several servers of one registry are"
                    + " asked in turn. Without it such records are dead-lettered.",
            V0_1);

    public static final ConfigKey<String> REGISTRY_USER = new ConfigKey<>(
            "schema.registry.user",
            ValueType.text(Pattern.compile("[^:\\p{Cntrl}]+"), "a name without a colon"),
            new Unset<>(),
            "The user, for basic authentication.",
            V0_1);

    public static final ConfigKey<Secret> REGISTRY_PASSWORD = new ConfigKey<>(
            "schema.registry.password",
            ValueType.secret(),
            new Unset<>(),
            "The password, for basic authentication.",
            V0_1);

    public static final ConfigKey<Secret> REGISTRY_TOKEN = new ConfigKey<>(
            "schema.registry.token", ValueType.secret(), new Unset<>(), "A bearer token, in place of a user.", V0_1);

    public static final ConfigKey<Path> REGISTRY_TRUSTSTORE = new ConfigKey<>(
            "schema.registry.ssl.truststore.location",
            ValueType.file(),
            new Unset<>(),
            "Certificates to trust in place of the JDK's: PKCS #12, JKS or PEM.",
            V0_1);

    public static final ConfigKey<Secret> REGISTRY_TRUSTSTORE_PASSWORD = new ConfigKey<>(
            "schema.registry.ssl.truststore.password",
            ValueType.secret(),
            new Unset<>(),
            "The password of that file, if it has one.",
            V0_1);

    public static final ConfigKey<Path> REGISTRY_KEYSTORE = new ConfigKey<>(
            "schema.registry.ssl.keystore.location",
            ValueType.file(),
            new Unset<>(),
            "The worker's own key and certificate, if the registry asks for one: PKCS #12 or JKS.",
            V0_1);

    public static final ConfigKey<Secret> REGISTRY_KEYSTORE_PASSWORD = new ConfigKey<>(
            "schema.registry.ssl.keystore.password",
            ValueType.secret(),
            new Unset<>(),
            "The password of that file and of its key.",
            V0_1);

    public static final ConfigKey<Duration> REGISTRY_TIMEOUT = new ConfigKey<>(
            "schema.registry.timeout",
            ValueType.duration("10ms", "10m"),
            new Fixed<>(RegistrySettings.DEFAULT_TIMEOUT),
            "How long one request to one server may take.",
            V0_1);

    public static final ConfigKey<Integer> REGISTRY_CACHE_SIZE = new ConfigKey<>(
            "schema.registry.cache.size",
            ValueType.integer(1, 1_000_000),
            new Fixed<>(CachedSchemas.Limits.DEFAULT.maxSchemas()),
            "How many schemas are kept in memory, and how many ids that are unknown.",
            V0_1);

    public static final ConfigKey<Duration> REGISTRY_UNKNOWN_TTL = new ConfigKey<>(
            "schema.registry.unknown.ttl",
            ValueType.duration("1s", "1h"),
            new Fixed<>(CachedSchemas.Limits.DEFAULT.unknownFor()),
            "How long it is believed that the registry does not know an id, before it is asked again.",
            V0_1);

    public static final ConfigKey<URI> STORE_URI = new ConfigKey<>(
            "store.uri", StoreUri.TYPE, new Required<>("s3://bucket/prefix"), "Where captures are stored.", V0_1);

    public static final ConfigKey<Integer> STORE_MAX_PUTS_IN_FLIGHT = new ConfigKey<>(
            "store.max.puts.in.flight",
            ValueType.integer(1, 10_000),
            new Fixed<>(128),
            "How many objects are uploaded at once at the most, over all partitions. While the store is overloaded, fewer.",
            V0_1);

    public static final ConfigKey<Duration> STORE_PUT_TIMEOUT = new ConfigKey<>(
            "store.put.timeout",
            ValueType.duration("100ms", "1h"),
            new Fixed<>(Duration.ofSeconds(30)),
            "How long one upload may take before it counts as failed.",
            V0_1);

    public static final ConfigKey<Compression> STORE_COMPRESSION = new ConfigKey<>(
            "store.compression",
            ValueType.oneOf(List.of(Compression.values())),
            new Fixed<>(Compression.NONE),
            "`gzip`: artifacts that are text, JSON, XML and the like, have more than 1 KiB and get smaller by a"
                    + " quarter are stored compressed. Takes CPU, and heap for what is compressed while it is stored. What is stored already"
                    + " stays as it is, and everything can be read whatever this says.",
            V0_1);

    public static final ConfigKey<S3Options.WritePath> STORE_S3_WRITE_PATH = new ConfigKey<>(
            "store.s3.write-path",
            ValueType.oneOf(List.of(S3Options.WritePath.values())),
            new Fixed<>(S3Options.WritePath.LEAN),
            "What uploads objects to S3: `lean`, our own signature over Apache's HTTP client, or `sdk`, the AWS SDK, which"
                    + " takes several times the CPU. What is stored is the same. Directory buckets and buckets on Outposts"
                    + " always go through the SDK.",
            V0_1);

    public static final ConfigKey<Integer> STORE_RETRY_MAX_ATTEMPTS = new ConfigKey<>(
            "store.retry.max.attempts",
            ValueType.integer(1, 100),
            new Fixed<>(4),
            "How often one object is tried in a row, the first attempt included.",
            V0_1);

    public static final ConfigKey<Duration> STORE_RETRY_INITIAL_INTERVAL = new ConfigKey<>(
            "store.retry.initial.interval",
            ValueType.duration("1ms", "1h"),
            new Fixed<>(Duration.ofMillis(200)),
            "The pause before the second attempt; it grows with each further one, with jitter.",
            V0_1);

    public static final ConfigKey<Duration> STORE_RETRY_MAX_INTERVAL = new ConfigKey<>(
            "store.retry.max.interval",
            ValueType.duration("1ms", "1h"),
            new Fixed<>(Duration.ofSeconds(5)),
            "The longest pause between two attempts.",
            V0_1);

    public static final ConfigKey<Integer> STORE_BREAKER_FAILURE_RATE = new ConfigKey<>(
            "store.breaker.failure.rate",
            ValueType.integer(1, 100),
            new Fixed<>(50),
            "The circuit breaker opens when this many percent of the recent uploads failed by an outage.",
            V0_1);

    public static final ConfigKey<Integer> STORE_BREAKER_MINIMUM_CALLS = new ConfigKey<>(
            "store.breaker.minimum.calls",
            ValueType.integer(1, 10_000),
            new Fixed<>(10),
            "The circuit breaker judges no sooner than after this many uploads.",
            V0_1);

    public static final ConfigKey<Duration> STORE_BREAKER_OPEN_FOR = new ConfigKey<>(
            "store.breaker.open.for",
            ValueType.duration("100ms", "1h"),
            new Fixed<>(Duration.ofSeconds(10)),
            "How long an open circuit breaker keeps uploads from a failing store before it lets one try.",
            V0_1);

    public static final ConfigKey<Duration> BATCH_MAX_AGE = new ConfigKey<>(
            "batch.max.age",
            ValueType.duration("1ms", "1h"),
            new Fixed<>(Duration.ofSeconds(5)),
            "A session batch is flushed when its first capture has waited this long.",
            V0_1);

    public static final ConfigKey<ByteSize> BATCH_MAX_BYTES = new ConfigKey<>(
            "batch.max.bytes",
            ValueType.size("1KiB", "1GiB"),
            new Fixed<>(ByteSize.ofMiB(8)),
            "A session batch is flushed when it has reached this size.",
            V0_1);

    public static final ConfigKey<Integer> BATCH_MAX_STEPS = new ConfigKey<>(
            "batch.max.steps",
            ValueType.integer(1, 100_000),
            new Fixed<>(100),
            "A session batch is flushed when it holds this many captures.",
            V0_1);

    public static final ConfigKey<ByteSize> MEMORY_MAX_BYTES = new ConfigKey<>(
            "memory.max.bytes",
            ValueType.size("1KiB", "1TiB"),
            new FromMachine<>(
                    "three tenths of the heap, at most `128MiB`; but `72MiB` if two fifths of it hold that", "128MiB"),
            "The budget for captures in memory; partitions are paused when it is used up. At least `capture.max.bytes`"
                    + " and `batch.max.bytes` together, and at most half of the heap: the other half is for fetching,"
                    + " decoding and uploading.",
            V0_1);

    public static final ConfigKey<ByteSize> CAPTURE_MAX_BYTES = new ConfigKey<>(
            "capture.max.bytes",
            ValueType.size("1KiB", "1GiB"),
            new Fixed<>(ByteSize.ofMiB(64)),
            "The largest capture that is stored, all artifacts together; a larger one is dead-lettered. Together with"
                    + " `batch.max.bytes` at most half of the heap.",
            V0_1);

    private static final ValueType<ByteSize> DISK_SIZE = ValueType.size("0B", "1024TiB");

    public static final ConfigKey<Path> SPOOL_DIR = new ConfigKey<>(
            "spool.dir",
            SpoolConfig.DIRECTORY,
            new FromMachine<>(
                    "`.stepvault/spool` in the home directory; must be set where there is none",
                    "/var/lib/stepvault/spool"),
            "The worker's own directory, on a disk that outlives the process: the disk queue, chunks of captures that"
                    + " are not complete, and the id from which the worker's `transactional.id` is derived. Each worker"
                    + " needs one of its own and locks it. Never copy one: two workers with one id would take the"
                    + " transactions from each other.",
            V0_1);

    public static final ConfigKey<ByteSize> SPOOL_MAX_BYTES = new ConfigKey<>(
            "spool.max.bytes",
            DISK_SIZE,
            new Fixed<>(ByteSize.ofMiB(10 << 10)),
            "The budget of the disk queue; partitions are paused when it is used up. At least `capture.max.bytes` and"
                    + " `batch.max.bytes` together. `0B` turns the disk queue off: in an outage of the store, partitions are"
                    + " then paused as soon as `memory.max.bytes` is used up.",
            V0_1);

    public static final ConfigKey<ByteSize> SPOOL_MIN_FREE_BYTES = new ConfigKey<>(
            "spool.min.free.bytes",
            DISK_SIZE,
            new Fixed<>(ByteSize.ofMiB(1 << 10)),
            "How much of the disk the worker leaves free, whatever its budgets say.",
            V0_1);

    public static final ConfigKey<Integer> SPOOL_SET_ASIDE_AFTER = new ConfigKey<>(
            "spool.set-aside.after",
            ValueType.integer(1, 1_000),
            new Fixed<>(5),
            "After so many failed attempts to store a batch, while the store takes other objects, the batch is set aside:"
                    + " named, counted, tried again from time to time, and no longer in the way of others.",
            V0_1);

    public static final ConfigKey<Duration> SPOOL_SET_ASIDE_MAX = new ConfigKey<>(
            "spool.set-aside.max",
            ValueType.duration("1s", "365d"),
            new Fixed<>(Duration.ofHours(24)),
            "How long a batch stays set aside before its captures are dead-lettered.",
            V0_1);

    public static final ConfigKey<ByteSize> ASSEMBLE_MAX_BYTES = new ConfigKey<>(
            "assemble.max.bytes",
            ValueType.size("1KiB", "1024TiB"),
            new Fixed<>(ByteSize.ofMiB(256)),
            "The budget on disk for chunks of captures that are not complete. At least `capture.max.bytes`. Beyond it,"
                    + " the youngest capture's chunks are given up and read again when there is room.",
            V0_1);

    public static final ConfigKey<Duration> CHUNK_TIMEOUT = new ConfigKey<>(
            "chunk.timeout",
            ValueType.duration("1s", "7d"),
            new Fixed<>(Duration.ofMinutes(10)),
            "How long the missing chunks of a capture are waited for before those that came are dead-lettered. Only time"
                    + " in which nothing else was left to read counts, or the time by which later records' timestamps"
                    + " are past the capture.",
            V0_1);

    public static final ConfigKey<Duration> CLOCK_SKEW_MAX = new ConfigKey<>(
            "clock.skew.max",
            ValueType.duration("0s", "365d"),
            new Fixed<>(Duration.ofHours(24)),
            "How far the time of a capture may lie after the timestamp of its record.",
            V0_1);

    public static final ConfigKey<Duration> COMMIT_INTERVAL = new ConfigKey<>(
            "commit.interval",
            ValueType.duration("10ms", "1m"),
            new Fixed<>(Duration.ofMillis(500)),
            "How often completions are sent and offsets committed.",
            V0_1);

    public static final ConfigKey<Duration> REBALANCE_DRAIN_TIMEOUT = new ConfigKey<>(
            "rebalance.drain.timeout",
            ValueType.duration("0s", "1h"),
            new Fixed<>(Duration.ofSeconds(20)),
            "How long partitions that are moving away are held back until their captures are stored and committed. Less"
                    + " than Kafka's `max.poll.interval.ms`. What is not done by then is read again by the next owner.",
            V0_1);

    public static final ConfigKey<Duration> SHUTDOWN_TIMEOUT = new ConfigKey<>(
            "shutdown.timeout",
            ValueType.duration("0s", "1h"),
            new Fixed<>(Duration.ofSeconds(30)),
            "How long a stopping worker goes on storing what it has read. What is not done by then is read again.",
            V0_1);

    public static final ConfigKey<Delivery> COMPLETIONS_DELIVERY = new ConfigKey<>(
            "completions.delivery",
            ValueType.oneOf(List.of(Delivery.values())),
            new Fixed<>(Delivery.EXACTLY_ONCE),
            "How completion events are delivered. `exactly-once`: in one transaction with the offsets that they cover,"
                    + " so that a consumer with `isolation.level=read_committed` sees each once. `at-least-once`:"
                    + " without transactions; after a crash an event may be sent again, with the same `completion_id`.",
            V0_1);

    public static final ConfigKey<Integer> COMPLETIONS_MAX_WAITING = new ConfigKey<>(
            "completions.max.waiting",
            ValueType.integer(1, 1_000_000),
            new Fixed<>(10_000),
            "How many completion events of a partition may wait to be committed, which they do while an older capture is"
                    + " not stored yet and the room in the commit's metadata is used up. A partition with more is"
                    + " paused.",
            V0_1);

    public static final ConfigKey<String> WORKER_ID = new ConfigKey<>(
            "worker.id",
            ValueType.text(Pattern.compile("[A-Za-z0-9._-]{1,100}"), "1 to 100 of letters, digits, `.`, `_`, `-`"),
            new FromMachine<>("host name and process id, such as `crawler-7-4711`", "crawler-7"),
            "How this worker calls itself in logs and events.",
            V0_1);

    public static final ConfigKey<String> HTTP_HOST = new ConfigKey<>(
            "http.host",
            ValueType.text(Pattern.compile("[A-Za-z0-9.:_%-]{1,253}"), "a host name or an IP address"),
            new Fixed<>("127.0.0.1"),
            "The address that health and metrics are served on. `0.0.0.0` serves them to the network.",
            V0_1);

    public static final ConfigKey<Integer> HTTP_PORT = new ConfigKey<>(
            "http.port",
            ValueType.integer(0, 65_535),
            new Fixed<>(8080),
            "The port of it; 0 takes any free one.",
            V0_1);

    public static final ConfigKey<LogFormat> LOG_FORMAT = new ConfigKey<>(
            "log.format",
            ValueType.oneOf(List.of(LogFormat.values())),
            new Fixed<>(LogFormat.TEXT),
            "Lines for people, or one JSON object per line for programs.",
            V0_1);

    public static final ConfigKey<Level> LOG_LEVEL = new ConfigKey<>(
            "log.level",
            ValueType.oneOf(List.of(Level.values())),
            new Fixed<>(Level.INFO),
            "The least severe messages that are logged.",
            V0_1);

    /** Every key once, in the order of the reference. */
    public static final List<KeyGroup> GROUPS = List.of(
            new KeyGroup(
                    "Kafka",
                    "",
                    List.of(KAFKA_BOOTSTRAP_SERVERS, GROUP_ID, TOPIC_CAPTURES, TOPIC_COMPLETIONS, TOPIC_DEAD_LETTERS)),
            new KeyGroup(
                    "Schema registry",
                    "Only for records in the Confluent wire format. Any registry that speaks Confluent's API will do. While it"
                            + " does not answer, partitions that need a schema of it wait.",
                    List.of(
                            REGISTRY_URL,
                            REGISTRY_USER,
                            REGISTRY_PASSWORD,
                            REGISTRY_TOKEN,
                            REGISTRY_TRUSTSTORE,
                            REGISTRY_TRUSTSTORE_PASSWORD,
                            REGISTRY_KEYSTORE,
                            REGISTRY_KEYSTORE_PASSWORD,
                            REGISTRY_TIMEOUT,
                            REGISTRY_CACHE_SIZE,
                            REGISTRY_UNKNOWN_TTL)),
            new KeyGroup(
                    "Store",
                    "",
                    List.of(
                            STORE_URI,
                            STORE_MAX_PUTS_IN_FLIGHT,
                            STORE_PUT_TIMEOUT,
                            STORE_COMPRESSION,
                            STORE_S3_WRITE_PATH,
                            STORE_RETRY_MAX_ATTEMPTS,
                            STORE_RETRY_INITIAL_INTERVAL,
                            STORE_RETRY_MAX_INTERVAL,
                            STORE_BREAKER_FAILURE_RATE,
                            STORE_BREAKER_MINIMUM_CALLS,
                            STORE_BREAKER_OPEN_FOR)),
            new KeyGroup(
                    "Batches",
                    "A session batch is flushed by whichever of these comes first, or at the end of its session.",
                    List.of(BATCH_MAX_AGE, BATCH_MAX_BYTES, BATCH_MAX_STEPS)),
            new KeyGroup("Limits", "", List.of(MEMORY_MAX_BYTES, CAPTURE_MAX_BYTES, CLOCK_SKEW_MAX)),
            new KeyGroup(
                    "Disk queue",
                    "Where batches wait while the store cannot take them.",
                    List.of(
                            SPOOL_DIR,
                            SPOOL_MAX_BYTES,
                            SPOOL_MIN_FREE_BYTES,
                            SPOOL_SET_ASIDE_AFTER,
                            SPOOL_SET_ASIDE_MAX)),
            new KeyGroup(
                    "Chunks",
                    "A capture that is too large for one record comes in several, which are put together under"
                            + " `spool.dir`.",
                    List.of(ASSEMBLE_MAX_BYTES, CHUNK_TIMEOUT)),
            new KeyGroup(
                    "Commit and stop",
                    "",
                    List.of(
                            COMMIT_INTERVAL,
                            COMPLETIONS_DELIVERY,
                            COMPLETIONS_MAX_WAITING,
                            REBALANCE_DRAIN_TIMEOUT,
                            SHUTDOWN_TIMEOUT)),
            new KeyGroup("The worker itself", "", List.of(WORKER_ID, HTTP_HOST, HTTP_PORT, LOG_FORMAT, LOG_LEVEL)));

    /** Every key once. */
    public static final List<ConfigKey<?>> ALL = GROUPS.stream()
            .<ConfigKey<?>>flatMap(group -> group.keys().stream())
            .toList();

    private WorkerKeys() {}
}
