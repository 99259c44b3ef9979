package io.stepvault.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.worker.Captures;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees of a replay. */
class ReplayCommandIT {
    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedKafka kafka;

    private final String topic = "captures-" + UUID.randomUUID();

    @TempDir
    private Path directory = Path.of("");

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder().start();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @BeforeEach
    void publish() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
            for (int step = 0; step < 3; step++) {
                byte[] value = SingleObjectCodec.stepCaptures()
                        .encode(Captures.aStep("session", "step-" + step).build());
                producer.send(new ProducerRecord<>(topic, 0, "session".getBytes(StandardCharsets.UTF_8), value))
                        .get();
            }
            producer.send(new ProducerRecord<>(topic, 0, null, new byte[] {1, 2, 3}))
                    .get();
        }
    }

    private CommandRun replay(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "replay",
                "--bootstrap",
                kafka.bootstrapServers(),
                "--topic",
                topic,
                "--store",
                directory.resolve("store").toUri().toString()));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    @Test
    void showsWhatItDidByPartition() {
        CommandRun run = replay("--job", "first");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.lines()).hasSize(2);
        assertThat(run.lines().get(0).split(" {2,}"))
                .containsExactly(
                        "PARTITION",
                        "FROM",
                        "TO",
                        "READ",
                        "STORED",
                        "SIZE",
                        "ALREADY THERE",
                        "SKIPPED",
                        "BAD",
                        "FAILED");
        assertThat(run.lines().get(1).split(" {2,}"))
                .startsWith(topic + "-0", "0", "4", "4", "3")
                .endsWith("0", "0", "1", "0");
        assertThat(run.err()).contains("job first").contains("not stored: 1 bad records");
    }

    @Test
    void tellsProgramsInJson() {
        CommandRun run = replay("--dry-run", "--json");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.lines()).hasSize(1);
        assertThat(run.out())
                .contains("\"finished\":true,\"dry_run\":true,\"records\":4")
                .contains("\"stored\":3");
        assertThat(directory.resolve("store/sessions")).doesNotExist();
    }

    @Test
    void endsWithOneIfRetentionHasRemovedSomeOfTheRange() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.deleteRecords(Map.of(
                            new org.apache.kafka.common.TopicPartition(topic, 0),
                            org.apache.kafka.clients.admin.RecordsToDelete.beforeOffset(2)))
                    .all()
                    .get();
        }

        CommandRun run = replay("--from", "1");

        assertThat(run.exitCode()).isEqualTo(ExitCode.PROBLEMS);
        assertThat(run.err()).contains("retention has removed up to 1 record of the range");
        assertThat(replay("--from", "2026-11-01").err())
                .contains("begins with offset 2; what came before it, if it was in the range, has been removed");
    }

    @Test
    void aJobThatIsDoneIsNotDoneAgain() {
        assertThat(replay("--job", "again").exitCode()).isEqualTo(ExitCode.DONE);

        CommandRun again = replay("--job", "again");

        assertThat(again.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(again.lines().get(1).split(" {2,}")).startsWith(topic + "-0", "0", "4", "0", "0");
    }

    @Test
    void badOptionsGetOneLineWithTheMend() {
        assertUsage("--from: 'yesterday' is neither an offset nor a time", "--from", "yesterday");
        assertUsage("--partitions: '3-1' does not name partitions", "--partitions", "3-1");
        assertUsage("there is no partition 7; topic " + topic + " has 0 to 1", "--partitions", "7");
        assertUsage("--job: 'a/b' is not allowed", "--job", "a/b");
        assertUsage("--max-bytes-per-second: 'fast'", "--max-bytes-per-second", "fast");
        assertUsage("--max-requests-per-second: '0.0' is not allowed", "--max-requests-per-second", "0");
        assertUsage(
                "--work-dir: there is no directory",
                "--work-dir",
                directory.resolve("none").toString());
    }

    private void assertUsage(String expected, String... options) {
        CommandRun run = replay(options);

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.errLines())
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("stepvault: ").contains(expected));
        assertThat(run.out()).isEmpty();
    }

    @Test
    void needsBrokersAndAStore() {
        CommandRun run = CommandRun.of("replay", "--store", "file:///nowhere");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.errLines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("no brokers named; add --bootstrap HOST:PORT or --config FILE, or set "
                                + "STEPVAULT_KAFKA_BOOTSTRAP_SERVERS"));
    }
}
