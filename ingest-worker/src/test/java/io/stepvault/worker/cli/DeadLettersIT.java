package io.stepvault.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.stepvault.capture.Rejection;
import io.stepvault.capture.Rejection.Reason;
import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.ChunkHeader;
import io.stepvault.wire.Chunking;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.worker.Captures;
import io.stepvault.worker.cli.terminal.Confirmation;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.deadletter.DeadLetterFormat;
import io.stepvault.worker.deadletter.Letters;
import io.stepvault.worker.deadletter.Redrive;
import io.stepvault.worker.flow.DeadLetter;
import io.stepvault.worker.flow.SourceRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands about dead letters against a real broker, on which a worker has left some. */
class DeadLettersIT {
    private static final String TOPIC_ID = "AAAAAAAAAAAAAAAAAAAAAA";

    private static EmbeddedKafka kafka;

    private final String source = "source-" + UUID.randomUUID();
    private final String letters = source + ".letters";

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
    void createTopics() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(source, 4, (short) 1), new NewTopic(letters, 3, (short) 1)))
                    .all()
                    .get();
            await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
                Map<TopicPartition, OffsetSpec> all = new HashMap<>();
                IntStream.range(0, 4).forEach(i -> all.put(new TopicPartition(source, i), OffsetSpec.latest()));
                IntStream.range(0, 3).forEach(i -> all.put(new TopicPartition(letters, i), OffsetSpec.latest()));
                return admin.listOffsets(all).all().get().size() == 7;
            });
        }
    }

    @Test
    void listsShowsExportsAndRedrivesOnce() throws Exception {
        byte[] capture = SingleObjectCodec.stepCaptures()
                .encode(Captures.aStep("s-1", "step-1").build());
        byte[] large = Letters.bytes(3 * 1024 * 1024);
        Header own = new RecordHeader("trace", utf8("abc\u001B[31m"));
        publish(true, letter(1, Reason.CAPTURE_TIME_IN_FUTURE, utf8("s-1"), capture, own));
        publish(true, letter(2, Reason.TOO_LARGE, utf8("s-2"), large));
        publish(true, letter(3, Reason.NULL_VALUE, null, null));
        publish(false, letter(4, Reason.UNDECODABLE, utf8("s-1"), utf8("aborted")));
        publish(true, letter(2, Reason.TOO_LARGE, utf8("s-2"), large));

        CommandRun list = run("list", "--json");
        assertThat(list.exitCode()).as(list.err()).isZero();
        assertThat(list.lines()).hasSize(3);
        assertThat(list.out())
                .contains("\"step_id\":\"step-1\"", "\"bytes\":3145728", "\"reason\":\"null-value\"")
                .doesNotContain("undecodable");
        assertThat(list.errLines()).containsExactly("3 dead letters: 3 waiting, 0 redriven, 0 partial");
        assertThat(run("list", "--summary").lines())
                .hasSize(4)
                .anyMatch(line -> line.matches("too-large +1 +0 +0 +3\\.0 MiB .*"));
        assertThat(run("list", "--session", "s-2", "--json").lines()).hasSize(1);
        assertThat(run("list", "--source", source + ":1:1", "--json").lines()).hasSize(1);
        assertThat(run("list", "--reason", "too-large,null-value", "--since", "1h", "--json")
                        .lines())
                .hasSize(2);
        assertThat(run("list", "--until", "2026-01-01").err()).contains("no dead letters");
        CommandRun text = run("list", "--limit", "2");
        assertThat(text.lines()).hasSize(3);
        assertThat(text.err()).contains("showing the newest 2");

        CommandRun shown = run("show", placeOf("capture-time-in-future"), "--bytes", "4");
        assertThat(shown.exitCode()).as(shown.err()).isZero();
        assertThat(shown.out())
                .contains("holds a capture: session s-1, step step-1", "trace = abc\\u{1B}[31m", "00000000  c3 01")
                .contains("detail         as the test says", "attempts       1");
        assertThat(run("show", placeOf("too-large")).out()).contains("chunks at", "holds no capture");
        assertThat(run("show", "2@999999").exitCode()).isEqualTo(ExitCode.PROBLEMS);

        Path out = directory.resolve("out");
        CommandRun exported = run("export", "--to", out.toString());
        assertThat(exported.exitCode()).as(exported.err()).isZero();
        assertThat(exported.out()).contains("exported 3 dead letters, 3.0 MiB");
        String name = placeOf("too-large").replace('@', '-');
        assertThat(out.resolve(name + ".bin")).hasBinaryContent(large);
        assertThat(out.resolve(name + ".json"))
                .content()
                .contains("\"reason\":\"too-large\"", "\"key_base64\":\"cy0y\"");
        try (var files = Files.list(out)) {
            assertThat(files)
                    .hasSize(5)
                    .allMatch(file -> file.getFileName().toString().matches("\\d-\\d+\\.\\w+"));
        }
        CommandRun again = run("export", "--to", out.toString());
        assertThat(again.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(again.err()).contains("is there already");

        CommandRun asked = run("redrive");
        assertThat(asked.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(asked.err()).contains("add --yes");
        CommandRun dry = run("redrive", "--dry-run");
        assertThat(dry.exitCode()).isZero();
        assertThat(dry.err()).contains("would redrive 3 dead letters");
        assertThat(read(source)).isEmpty();

        CommandRun redriven = run("redrive", "--yes", "--json");
        assertThat(redriven.exitCode()).as(redriven.err()).isZero();
        assertThat(redriven.out()).contains("\"redriven\":3,\"failed\":0");
        CommandRun twice = run("redrive", "--yes");
        assertThat(twice.exitCode()).as(twice.err()).isZero();
        assertThat(twice.err()).contains("nothing to redrive");

        List<ConsumerRecord<byte[], byte[]>> sent = read(source);
        assertThat(sent).hasSize(6).allMatch(record -> record.partition() == 1);
        assertThat(sent)
                .filteredOn(record -> record.value() == null)
                .singleElement()
                .matches(r -> r.key() == null);
        ConsumerRecord<byte[], byte[]> small = sent.stream()
                .filter(record -> record.headers().lastHeader("trace") != null)
                .findFirst()
                .orElseThrow();
        assertThat(small.value()).isEqualTo(capture);
        assertThat(small.headers().toArray()).hasSize(3).contains(own);
        assertThat(new String(small.headers().lastHeader("stepvault-history").value(), StandardCharsets.UTF_8))
                .contains("capture-time-in-future " + source + "-1@1");
        assertThat(assembled(sent)).isEqualTo(large);
        assertThat(run("list", "--json").lines()).hasSize(3).allMatch(line -> line.contains("\"state\":\"redriven\""));

        publish(
                true,
                new DeadLetter(
                        new TopicPartition(source, 1),
                        TOPIC_ID,
                        small.offset(),
                        new Rejection(Reason.CAPTURE_TIME_IN_FUTURE, "still"),
                        new SourceRecord(
                                small.key(),
                                small.value(),
                                List.of(small.headers().toArray()),
                                1)));
        assertThat(run("list", "--json", "--limit", "1").out())
                .contains("\"attempts\":2", "\"history\":[{", "\"state\":\"waiting\"");
        assertThat(run("redrive", "--yes", "--to-topic", letters).exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run("redrive", "--yes", "--to-topic", "none-such").exitCode())
                .isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(run("redrive", "--yes").exitCode()).isZero();
        assertThat(read(source)).hasSize(7);
    }

    @Test
    void endsARedriveThatAnotherOverlaps() throws Exception {
        publish(true, letter(1, Reason.UNDECODABLE, utf8("k"), utf8("X")));
        try (KafkaProducer<byte[], byte[]> other = producer(Redrive.transactionalId(letters))) {
            other.initTransactions();
            other.beginTransaction();
            other.send(new ProducerRecord<>(source, 0, null, utf8("of the other")))
                    .get();

            CommandRun redriven = run("redrive", "--yes", "--json");

            assertThat(redriven.exitCode()).as(redriven.err()).isZero();
            assertThat(catchThrowable(other::commitTransaction))
                    .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
        }
        assertThat(read(source))
                .singleElement()
                .matches(record -> new String(record.value(), StandardCharsets.UTF_8).equals("X"));
    }

    @Test
    void asksFirstOnATerminal() throws Exception {
        publish(true, letter(1, Reason.UNDECODABLE, utf8("k"), utf8("X")));

        assertThat(answering("n\n")).contains("undecodable", "Redrive 1 dead letter? [y/N]", "nothing was sent");
        assertThat(read(source)).isEmpty();
        answering("y\n");
        assertThat(read(source)).hasSize(1);
    }

    /** What is said beside the result of a redrive that is answered so. */
    private String answering(String answer) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console =
                new Console(new ByteArrayOutputStream(), err, Console.Kind.plain(), Map.of(), Clock.systemUTC());
        CommandLine command = new CommandLine(
                new DeadLettersRedriveCommand(console, new Confirmation(new ByteArrayInputStream(utf8(answer)), true)));
        assertThat(Stepvault.execute(console, command, "-b", kafka.bootstrapServers(), "--topic", letters))
                .as(err.toString(StandardCharsets.UTF_8))
                .isZero();
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void namesRecordsThatAreNoDeadLetters() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer("other-" + letters)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(letters, 0, utf8("k"), utf8("hello")))
                    .get();
            producer.commitTransaction();
        }

        CommandRun list = run("list");

        assertThat(list.exitCode()).isEqualTo(ExitCode.PROBLEMS);
        assertThat(list.err()).contains("0@0", "is no dead letter");
        assertThat(run("redrive", "--yes").err()).contains("nothing to redrive");
    }

    private CommandRun run(String command, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("dead-letters", command, "-b", kafka.bootstrapServers(), "--topic", letters));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private String placeOf(String reason) {
        String line = run("list", "--reason", reason, "--json").lines().get(0);
        return line.replaceAll(".*\"place\":\"(.*?)\".*", "$1");
    }

    private DeadLetter letter(
            long offset, Reason reason, byte @Nullable [] key, byte @Nullable [] value, Header... headers) {
        return new DeadLetter(
                new TopicPartition(source, 1),
                TOPIC_ID,
                offset,
                new Rejection(reason, "as the test says"),
                new SourceRecord(key, value, List.of(headers), 1_795_258_800_000L));
    }

    /** As a worker does, whose transaction ends well or not. */
    private void publish(boolean commit, DeadLetter letter) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer("worker-" + letters)) {
            producer.initTransactions();
            producer.beginTransaction();
            for (ProducerRecord<byte[], byte[]> record : DeadLetterFormat.records(letter, letters)) {
                producer.send(record).get();
            }
            if (commit) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(String transactionalId) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", transactionalId),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> all = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                return all.stream()
                        .allMatch(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
            });
        }
        return records;
    }

    private static byte[] assembled(List<ConsumerRecord<byte[], byte[]>> records) {
        byte[] whole = new byte[0];
        for (ConsumerRecord<byte[], byte[]> record : records) {
            ChunkFormat.Lookup headers = name -> record.headers().lastHeader(name) == null
                    ? null
                    : record.headers().lastHeader(name).value();
            if (ChunkFormat.CAPTURES.isChunk(headers)
                    && ChunkFormat.CAPTURES.parse(headers) instanceof ChunkFormat.Parsed.Chunk chunk) {
                ChunkHeader header = chunk.header();
                whole = whole.length == 0 ? new byte[(int) header.totalBytes()] : whole;
                System.arraycopy(record.value(), 0, whole, header.index() * 900 * 1024, record.value().length);
                assertThat(new Chunking(header.id(), whole, 900 * 1024).count()).isEqualTo(header.count());
            }
        }
        return whole;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
