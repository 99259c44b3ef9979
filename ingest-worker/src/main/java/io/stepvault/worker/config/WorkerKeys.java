package io.stepvault.worker.config;

import io.stepvault.worker.config.DefaultValue.Fixed;
import io.stepvault.worker.config.DefaultValue.FromMachine;
import io.stepvault.worker.config.DefaultValue.Required;
import java.net.URI;
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

    public static final ConfigKey<URI> STORE_URI = new ConfigKey<>(
            "store.uri", StoreUri.TYPE, new Required<>("s3://bucket/prefix"), "Where captures are stored.", V0_1);

    public static final ConfigKey<Integer> STORE_MAX_PUTS_IN_FLIGHT = new ConfigKey<>(
            "store.max.puts.in.flight",
            ValueType.integer(1, 10_000),
            new Fixed<>(64),
            "How many objects are uploaded at once, over all partitions.",
            V0_1);

    public static final ConfigKey<Duration> STORE_PUT_TIMEOUT = new ConfigKey<>(
            "store.put.timeout",
            ValueType.duration("100ms", "1h"),
            new Fixed<>(Duration.ofSeconds(30)),
            "How long one upload may take before it counts as failed.",
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
            new Fixed<>(ByteSize.ofMiB(128)),
            "The budget for captures in memory; partitions are paused when it is used up. At least `capture.max.bytes`"
                    + " and `batch.max.bytes` together, and at most half of the heap: the other half is for fetching,"
                    + " decoding and uploading.",
            V0_1);

    public static final ConfigKey<ByteSize> CAPTURE_MAX_BYTES = new ConfigKey<>(
            "capture.max.bytes",
            ValueType.size("1KiB", "1GiB"),
            new Fixed<>(ByteSize.ofMiB(64)),
            "The largest capture that is stored, all artifacts together.",
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
            Delivery.TYPE,
            new Fixed<>(Delivery.AT_LEAST_ONCE),
            "How completion events are delivered. `at-least-once`: after a crash an event may be sent again, with the"
                    + " same `completion_id`. `exactly-once` is planned and refused for now.",
            V0_1);

    public static final ConfigKey<String> WORKER_ID = new ConfigKey<>(
            "worker.id",
            ValueType.text(Pattern.compile("[A-Za-z0-9._-]{1,100}"), "1 to 100 of letters, digits, `.`, `_`, `-`"),
            new FromMachine<>("host name and process id, such as `crawler-7-4711`"),
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
                    "Store",
                    "",
                    List.of(
                            STORE_URI,
                            STORE_MAX_PUTS_IN_FLIGHT,
                            STORE_PUT_TIMEOUT,
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
                    "Commit and stop",
                    "",
                    List.of(COMMIT_INTERVAL, COMPLETIONS_DELIVERY, REBALANCE_DRAIN_TIMEOUT, SHUTDOWN_TIMEOUT)),
            new KeyGroup("The worker itself", "", List.of(WORKER_ID, HTTP_HOST, HTTP_PORT, LOG_FORMAT, LOG_LEVEL)));

    /** Every key once. */
    public static final List<ConfigKey<?>> ALL = GROUPS.stream()
            .<ConfigKey<?>>flatMap(group -> group.keys().stream())
            .toList();

    private WorkerKeys() {}
}
