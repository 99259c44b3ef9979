package io.stepvault.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.stepvault.storage.Compression;
import io.stepvault.storage.s3.S3Options;
import io.stepvault.worker.config.ProcessConfig.HttpConfig;
import io.stepvault.worker.config.ProcessConfig.LogConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

class WorkerConfigTest {
    @Test
    void theTwoRequiredKeysAreEnough() {
        WorkerConfig config = Configs.load();

        assertThat(config)
                .isEqualTo(new WorkerConfig(
                        new KafkaConfig(
                                "localhost:9092",
                                "stepvault",
                                new TopicsConfig(
                                        "step-captures", "step-captures.completed", "step-captures.dead-letters"),
                                KafkaOverrides.none(),
                                RegistryConfig.NONE),
                        new StoreConfig(
                                URI.create("file:///tmp/store"),
                                new PutConfig(128, Duration.ofSeconds(30), Compression.NONE, S3Options.WritePath.LEAN),
                                new RetryConfig(4, Duration.ofMillis(200), Duration.ofSeconds(5)),
                                new BreakerConfig(50, 10, Duration.ofSeconds(10)),
                                new SpoolConfig(
                                        Path.of("/home/crawler/.stepvault/spool"),
                                        ByteSize.parse("10GiB"),
                                        ByteSize.parse("1GiB"),
                                        5,
                                        Duration.ofHours(24))),
                        new BatchConfig(Duration.ofSeconds(5), ByteSize.ofMiB(8), 100),
                        new BudgetConfig(
                                ByteSize.ofMiB(128),
                                ByteSize.ofMiB(64),
                                Duration.ofHours(24),
                                new ChunkConfig(ByteSize.ofMiB(256), Duration.ofMinutes(10))),
                        new CommitConfig(
                                Duration.ofMillis(500),
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(30),
                                Delivery.EXACTLY_ONCE,
                                10_000),
                        new ProcessConfig(
                                "crawler-7-4711",
                                new HttpConfig("127.0.0.1", 8080),
                                new LogConfig(LogFormat.TEXT, Level.INFO))));
    }

    @Test
    void everyMistakeIsReportedAtOnce() {
        Map<String, String> properties = Map.of(
                "batch.max.age", "5",
                "batch.max.stepps", "10",
                "http.port", "65536",
                "log.format", "xml",
                "memory.max.bytes", "16MiB",
                "kafka.consumer.enable.auto.commit", "true",
                "store.retry.max.interval", "1ms");

        List<String> problems = Configs.problems(properties, Map.of("STEPVAULT_BATCH_MAX_STEP", "3"));

        assertThat(problems)
                .containsExactlyInAnyOrder(
                        "batch.max.stepps: unknown key; did you mean batch.max.steps?",
                        "STEPVAULT_BATCH_MAX_STEP: unknown key; did you mean STEPVAULT_BATCH_MAX_STEPS?",
                        "kafka.bootstrap.servers: must be set, for example kafka.bootstrap.servers=localhost:9092 in the"
                                + " file, or STEPVAULT_KAFKA_BOOTSTRAP_SERVERS in the environment",
                        "store.uri: must be set, for example store.uri=s3://bucket/prefix in the file, or"
                                + " STEPVAULT_STORE_URI in the environment",
                        "batch.max.age (given): '5' is not a duration; write 500ms, 5s, 2m, 24h or 7d",
                        "http.port (given): '65536' is not allowed; expected 0 to 65535",
                        "log.format (given): 'xml' is not one of: text, json",
                        "memory.max.bytes (given): '16MiB' is less than capture.max.bytes (64MiB) and batch.max.bytes"
                                + " (8MiB) together; set at least 72MiB, or lower one of those",
                        "store.retry.max.interval (given): '1ms' is less than store.retry.initial.interval (200ms);"
                                + " raise it or lower that",
                        "kafka.consumer.enable.auto.commit (given): 'true' is not allowed: offsets are committed only"
                                + " once captures are stored; remove the key (the worker sets false)");
    }

    @Test
    void aRuleBetweenKeysIsLeftOutWhenOneOfThemIsBadAnyway() {
        assertThat(Configs.problems("memory.max.bytes=16 apples", "capture.max.bytes=200MiB"))
                .singleElement()
                .asString()
                .startsWith("memory.max.bytes (given): '16 apples' is not a size");
    }

    @ParameterizedTest
    @CsvSource({
        "batch.max.agee, batch.max.age",
        "bacth.max.age, batch.max.age",
        "batch.maxage, batch.max.age",
        "batch-max-age, batch.max.age",
        "batch.age, batch.max.age",
        "STEPVAULT_BATCH_MAX_AGE, batch.max.age",
        "max.poll.records, kafka.max.poll.records",
        "bootstrap.servers, kafka.bootstrap.servers",
        "kakfa.bootstrap.servers, kafka.bootstrap.servers",
        "topic.deadletters, topic.dead-letters",
    })
    void anUnknownKeyIsRefusedWithTheNearestOne(String unknown, String nearest) {
        assertThat(Configs.problems(unknown + "=1"))
                .containsExactly(unknown + ": unknown key; did you mean " + nearest + "?");
    }

    @Test
    void anUnknownKeyThatIsNowhereNearOneIsRefusedWithTheReference() {
        assertThat(Configs.problems("zzzzzzzzzzzz=1"))
                .containsExactly("zzzzzzzzzzzz: unknown key; docs/configuration.md lists all keys");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "group.id=two words",
                "topic.captures=.",
                "topic.captures=a/b",
                "topic.completions=",
                "store.max.puts.in.flight=0",
                "store.put.timeout=0s",
                "store.retry.max.attempts=many",
                "store.retry.initial.interval=0s",
                "store.breaker.failure.rate=101",
                "store.breaker.minimum.calls=0",
                "store.breaker.open.for=1",
                "batch.max.age=0s",
                "batch.max.bytes=8MB",
                "batch.max.steps=-1",
                "memory.max.bytes=2TiB",
                "capture.max.bytes=2GiB",
                "clock.skew.max=-1s",
                "commit.interval=1ms",
                "rebalance.drain.timeout=2h",
                "shutdown.timeout=soon",
                "completions.delivery=sometimes",
                "completions.max.waiting=0",
                "spool.dir=spool",
                "spool.dir=~/spool",
                "spool.max.bytes=10GB",
                "spool.max.bytes=71MiB",
                "spool.min.free.bytes=-1",
                "spool.set-aside.after=0",
                "spool.set-aside.max=0s",
                "assemble.max.bytes=63MiB",
                "chunk.timeout=0s",
                "worker.id=a b",
                "http.host=",
                "http.port=99999999999",
                "log.format=pretty",
                "log.level=loud",
                "kafka.bootstrap.servers=localhost",
                "kafka.bootstrap.servers=localhost:",
                "kafka.bootstrap.servers=a:1,,b:2",
                "store.uri=/var/lib/stepvault",
                "store.uri=http://bucket/prefix",
                "store.uri=s3:///prefix",
                "store.uri=s3:bucket",
                "store.uri=file://data/store",
                "store.uri=file:data",
                "store.uri=file:///",
                "store.uri=s3://buck et/",
            })
    void aValueThatIsNotAllowedIsRefusedInOneLineThatNamesKeyAndValue(String line) {
        String key = line.substring(0, line.indexOf('='));
        String value = line.substring(line.indexOf('=') + 1);

        assertThat(Configs.problems(line))
                .singleElement()
                .asString()
                .startsWith(key + " (given): '" + value + "' ")
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka.bootstrap.servers=a:9092, b.example.com:9093",
                "kafka.bootstrap.servers=[::1]:9092",
                "store.uri=s3://bucket",
                "store.uri=s3://bucket_with_underscore/a/prefix",
                "store.uri=file:/var/lib/stepvault",
                "http.host=::1",
                "log.level=DEBUG",
                "completions.delivery=at-least-once",
                "completions.delivery=exactly-once",
                "spool.max.bytes=0B",
                "spool.max.bytes=72MiB",
                "spool.min.free.bytes=0B",
                "assemble.max.bytes=64MiB",
                "batch.max.age=PT1.5S",
                "clock.skew.max=0s",
            })
    void aValueThatIsAllowedIsTaken(String line) {
        assertThat(Configs.problems(line)).isEmpty();
    }

    @Test
    void anOverlongPrefixIsRefused() {
        assertThat(Configs.problems("store.uri=s3://bucket/" + "p".repeat(200))).isEmpty();
        assertThat(Configs.problems("store.uri=s3://bucket/" + "p".repeat(201)))
                .singleElement()
                .asString()
                .contains("prefix of over 200 characters")
                .hasSizeLessThan(300);
    }

    @Test
    void credentialsInTheStoreUriAreRefusedAndNotShown() {
        assertThat(Configs.problems("store.uri=s3://AKIA:hunter2@bucket/prefix"))
                .singleElement()
                .asString()
                .contains("must not hold credentials")
                .doesNotContain("hunter2");
    }

    @Test
    void topicsMustDiffer() {
        assertThat(Configs.problems("topic.completions=step-captures", "topic.dead-letters=step-captures"))
                .containsExactly(
                        "topic.completions (given): 'step-captures' is topic.captures too; the three topics must differ",
                        "topic.dead-letters (given): 'step-captures' is another topic's name too; the three topics must"
                                + " differ");
        assertThat(Configs.problems("topic.dead-letters=step-captures.completed"))
                .hasSize(1);
    }

    private static Machine withHeap(String heap) {
        return new Machine("h", 1, ByteSize.parse(heap), Optional.of(Configs.HOME));
    }

    private static List<String> problems(Machine machine, String... lines) {
        ConfigException thrown = catchThrowableOfType(
                ConfigException.class, () -> WorkerConfig.load(Configs.with(lines), Map.of(), machine));
        return thrown == null ? List.of() : thrown.problems();
    }

    @Test
    void memoryThatTheHeapCannotCarryIsRefusedWithTheMend() {
        assertThat(problems(withHeap("247MiB"), "memory.max.bytes=128MiB"))
                .containsExactly("memory.max.bytes (given): '128MiB' is more than half of the heap (247MiB); start Java"
                        + " with -Xmx320m or more, or set memory.max.bytes to 123MiB or less (and capture.max.bytes and"
                        + " batch.max.bytes so that both fit into it)");
    }

    @Test
    void aCaptureThatTheHeapCannotCarryIsRefusedInOneMessage() {
        assertThat(problems(withHeap("128MiB")))
                .containsExactly(
                        "capture.max.bytes: '64MiB' and batch.max.bytes (8MiB) together are more than half of the"
                                + " heap (128MiB), so it cannot carry such a capture; start Java with -Xmx192m or more, or lower"
                                + " one of those");
        assertThat(problems(withHeap("128MiB"), "capture.max.bytes=32MiB")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"128MiB, 256MiB", "123MiB, 247MiB"})
    void memoryOfHalfTheHeapIsTaken(String memory, String heap) {
        WorkerConfig config = WorkerConfig.load(Configs.with("memory.max.bytes=" + memory), Map.of(), withHeap(heap));

        assertThat(config.budget().memory()).isEqualTo(ByteSize.parse(memory));
    }

    @ParameterizedTest
    @CsvSource({"128MiB, 1GiB", "96MiB, 320MiB", "76MiB, 256MiB", "74MiB, 247MiB", "72MiB, 190MiB"})
    void memoryFollowsTheHeapUnlessItIsSet(String memory, String heap) {
        WorkerConfig config = WorkerConfig.load(Configs.with(), Map.of(), withHeap(heap));

        assertThat(config.budget().memory()).isEqualTo(ByteSize.parse(memory));
    }

    @Test
    void theSpoolDirectoryMustBeSetWhereThereIsNoHome() {
        Machine homeless = new Machine("h", 1, ByteSize.ofMiB(494), Optional.empty());

        assertThat(problems(homeless))
                .containsExactly(
                        "spool.dir: must be set, for example spool.dir=/var/lib/stepvault/spool in the file, or"
                                + " STEPVAULT_SPOOL_DIR in the environment");
        assertThat(problems(homeless, "spool.dir=/data/spool")).isEmpty();
    }

    @Test
    void aSpoolOrAssemblyWithoutRoomForOneIsRefusedWithTheMend() {
        assertThat(Configs.problems("spool.max.bytes=71MiB", "assemble.max.bytes=63MiB"))
                .containsExactlyInAnyOrder(
                        "spool.max.bytes (given): '71MiB' is less than capture.max.bytes (64MiB) and batch.max.bytes"
                                + " (8MiB) together; set at least 72MiB, or 0B for no disk queue",
                        "assemble.max.bytes (given): '63MiB' is less than capture.max.bytes (64MiB); set at least 64MiB,"
                                + " or lower that");
        assertThat(Configs.load("spool.max.bytes=0B").store().spool().isOn()).isFalse();
    }

    @Test
    void aDrainLongerThanThePollIntervalIsRefused() {
        assertThat(Configs.problems("rebalance.drain.timeout=30s", "kafka.consumer.max.poll.interval.ms=30000"))
                .singleElement()
                .asString()
                .contains("not less than Kafka's max.poll.interval.ms (30s)");
        assertThat(Configs.problems("rebalance.drain.timeout=30s", "kafka.max.poll.interval.ms=30001"))
                .isEmpty();
        assertThat(Configs.problems("rebalance.drain.timeout=5m")).hasSize(1);
    }

    @Test
    void theRecordsKeepTheSameRulesWhenBuiltByHand() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new BatchConfig(Duration.ZERO, ByteSize.ofMiB(8), 0))
                .satisfies(e -> assertThat(e.problems())
                        .containsExactly(
                                "batch.max.age: '0s' is not allowed; expected 1ms to 1h",
                                "batch.max.steps: '0' is not allowed; expected 1 to 100000"));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new RetryConfig(3, Duration.ofSeconds(2), Duration.ofSeconds(1)));
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> new TopicsConfig("a", "a", "b"));
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> new HttpConfig("", 70_000));
    }

    @Test
    void aValueWithLineBreaksStaysOnOneLine() {
        assertThat(Configs.problems("batch.max.age=5s\nERROR all is lost\u0007"))
                .singleElement()
                .asString()
                .matches("\\P{Cntrl}+");
    }

    @Test
    void aHostNameThatIsNoIdIsMadeOne() {
        Machine odd = new Machine("h\u00f6st name." + "x".repeat(200), 1, ByteSize.ofMiB(494), Optional.empty());

        WorkerConfig config = WorkerConfig.load(Configs.with("spool.dir=/data"), Map.of(), odd);

        assertThat(config.process().workerId()).startsWith("h-st-name.xxx").endsWith("x-1");
    }

    @Test
    void thisMachineIsUsable() {
        Machine machine = Machine.current();

        assertThat(machine.hostName()).isNotEmpty();
        assertThat(machine.heap()).isGreaterThan(ByteSize.ofMiB(1));
        assertThat(machine.processId()).isEqualTo(ProcessHandle.current().pid());
    }
}
