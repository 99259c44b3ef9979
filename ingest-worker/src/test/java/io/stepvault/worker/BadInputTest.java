package io.stepvault.worker;

import static io.stepvault.worker.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.capture.Artifacts;
import io.stepvault.capture.CommitRecord;
import io.stepvault.capture.Rejection.Reason;
import io.stepvault.event.Artifact;
import io.stepvault.event.CompletedStep;
import io.stepvault.event.StepCapture;
import io.stepvault.wire.ChunkHeader;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.worker.assemble.ChunkRecords;
import io.stepvault.worker.flow.DeadLetter;
import io.stepvault.worker.flow.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every bad input through the whole pipeline, between two good captures, with a crash after each record: it is stored or
 * a dead letter with its reason, source and bytes; the partition moves on; nothing is told twice.
 */
class BadInputTest {
    private static final TopicPartition P0 = new TopicPartition("step-captures", 0);
    private static final int MEMORY = 8 << 20;
    private static final long NOW = Captures.CAPTURED_AT.toEpochMilli();
    private static final Duration PAST_CHUNK_TIMEOUT = Duration.ofMinutes(11);

    private int ids;

    @Test
    void bytesThatAreNoEvent() {
        byte[] event = encoded(aStep("s", "x").build());
        byte[] unknown = event.clone();
        unknown[2] ^= 1;

        check(record(new byte[] {1, 2, 3}), Reason.UNDECODABLE);
        check(record(new byte[0]), Reason.UNDECODABLE);
        check(record(Arrays.copyOf(event, event.length - 1)), Reason.UNDECODABLE);
        check(record(Arrays.copyOf(event, 5)), Reason.UNDECODABLE);
        check(record(Arrays.copyOf(event, event.length + 1)), Reason.TRAILING_BYTES);
        check(record(unknown), Reason.UNKNOWN_SCHEMA);
        check(record(new byte[] {0, 0, 0, 0, 1, 2, 3}), Reason.UNKNOWN_SCHEMA);
        check(record((byte[]) null), Reason.NULL_VALUE);
    }

    @Test
    void millionsOfTinyLabels() {
        byte[] event = encoded(aStep("s", "x").build());
        byte[] labels = new byte[3 * 1_000_000];
        for (int at = 0; at < labels.length; at += 3) {
            labels[at] = 2; // a block of one entry: an empty name, an empty text
        }
        byte[] bomb = Arrays.copyOf(event, event.length + labels.length);
        System.arraycopy(labels, 0, bomb, event.length - 2, labels.length);
        Arrays.fill(bomb, bomb.length - 2, bomb.length, (byte) 0);

        check(record(bomb), Reason.UNDECODABLE);
    }

    @Test
    void hostileIdsAreStoredOrDeadLetteredByTheirLengthOnly() {
        String emoji = "\ud83d\ude00"; // 12 characters once encoded
        for (String id : List.of(
                "../", "..", ".", "/", "\u0000", "a\u0000b", emoji, " ", "%2F", "x".repeat(240), emoji.repeat(20))) {
            checkStored(aStep(id, "x"));
            checkStored(aStep("s", id));
            checkStored(aStep("s", "x").setAttachments(Map.of(id, text("a"))));
        }
        for (String id : List.of("", "x".repeat(241), emoji.repeat(20) + "x", "é".repeat(1_000))) {
            check(record(aStep(id, "x")), Reason.INVALID_SESSION_ID);
            check(record(aStep("s", id)), Reason.INVALID_STEP_ID);
            check(record(aStep("s", "x").setAttachments(Map.of(id, text("a")))), Reason.INVALID_ATTACHMENT_NAME);
        }
    }

    @Test
    void absurdAndFutureCaptureTimes() {
        for (Instant time : List.of(
                Instant.EPOCH.minusNanos(1_000),
                Instant.parse("+10000-01-01T00:00:00Z"),
                Instant.parse("-5000-01-01T00:00:00Z"),
                Instant.parse("+290000-01-01T00:00:00Z"))) {
            check(record(aStep("s", "x").setCapturedAt(time)), Reason.CAPTURE_TIME_OUT_OF_RANGE);
        }
        Instant latest = Captures.CAPTURED_AT.plus(Duration.ofHours(24));
        check(record(aStep("s", "x").setCapturedAt(latest.plusNanos(1_000))), Reason.CAPTURE_TIME_IN_FUTURE);
        checkStored(aStep("s", "x").setCapturedAt(latest));
        checkStored(aStep("s", "x").setCapturedAt(Instant.EPOCH));
    }

    @Test
    void actionsThatAreNotJson() {
        for (String action : List.of("", " ", "{", "{} {}", "{'a':1}", "NaN", "[".repeat(5_000), "\"\n\"")) {
            check(record(aStep("s", "x").setAction(action)), Reason.INVALID_ACTION);
        }
        for (String action : List.of("null", " 1 ", "{\"a\":1,\"a\":2}", "[".repeat(999) + "]".repeat(999))) {
            checkStored(aStep("s", "x").setAction(action));
        }
    }

    @Test
    void tooMuchInOneCapture() {
        checkStored(aStep("s", "x").setAttachments(attachments(64)));
        check(record(aStep("s", "x").setAttachments(attachments(65))), Reason.TOO_MANY_ATTACHMENTS);
        checkStored(aStep("s", "x").setHtml(text("a".repeat((1 << 20) - 100))));
        check(record(aStep("s", "x").setHtml(text("a".repeat(1 << 20)))), Reason.TOO_LARGE);
    }

    @Test
    void keysThatAreMissingOrOfAnotherSession() {
        byte[] event = encoded(aStep("s", "x").build());

        check(List.of(new SourceRecord(null, event, List.of(), NOW)), Map.of(), "x");
        check(List.of(new SourceRecord(new byte[0], event, List.of(), NOW)), Map.of(), "x");
        check(List.of(new SourceRecord(new byte[] {(byte) 0xFF}, event, List.of(), NOW)), Map.of(), "x");
        check(
                List.of(new SourceRecord(null, null, List.of(new RecordHeader("h", null)), NOW)),
                Map.of(0, Reason.NULL_VALUE));
    }

    @Test
    void recordsWithoutATimeOrWithAnAbsurdOne() {
        byte[] event = encoded(aStep("s", "x").build());

        check(List.of(new SourceRecord(null, event, List.of(), ConsumerRecord.NO_TIMESTAMP)), Map.of(), "x");
        check(List.of(new SourceRecord(null, event, List.of(), Long.MAX_VALUE)), Map.of(), "x");
        check(List.of(new SourceRecord(null, event, List.of(), 0)), Map.of(0, Reason.CAPTURE_TIME_IN_FUTURE));
    }

    @Test
    void chunksThatComeInTheWrongOrderOrAgain() {
        List<SourceRecord> set = chunks("x");

        check(List.of(set.get(0), set.get(2), set.get(1), set.get(3)), Map.of(), "x");
        check(List.of(set.get(0), set.get(1), set.get(1), set.get(0), set.get(2), set.get(3)), Map.of(), "x");
        check(
                List.of(set.get(1), set.get(0), set.get(2), set.get(3)),
                Map.of(
                        0, Reason.INCOMPLETE_CHUNKS,
                        1, Reason.INCOMPLETE_CHUNKS,
                        2, Reason.INCOMPLETE_CHUNKS,
                        3, Reason.INCOMPLETE_CHUNKS));
    }

    @Test
    void interleavedSets() {
        List<SourceRecord> one = chunks("x");
        List<SourceRecord> other = chunks("y");

        check(
                List.of(
                        one.get(0),
                        other.get(0),
                        one.get(1),
                        record(new byte[] {1}),
                        other.get(1),
                        other.get(2),
                        other.get(3),
                        one.get(2),
                        one.get(3)),
                Map.of(3, Reason.UNDECODABLE),
                "x",
                "y");
    }

    @Test
    void setsWithoutABeginningAMiddleOrAnEnd() {
        List<SourceRecord> set = chunks("x");
        Map<Integer, Reason> three =
                Map.of(0, Reason.INCOMPLETE_CHUNKS, 1, Reason.INCOMPLETE_CHUNKS, 2, Reason.INCOMPLETE_CHUNKS);

        check(set.subList(1, 4), three);
        check(List.of(set.get(0), set.get(1), set.get(3)), three);
        check(set.subList(0, 3), three);
        check(set.subList(0, 1), Map.of(0, Reason.INCOMPLETE_CHUNKS));
    }

    @Test
    void corruptSets() {
        List<SourceRecord> changed = new ArrayList<>(chunks("x"));
        byte[] value = valueOf(changed.get(2)).clone();
        value[3] ^= 4;
        changed.set(2, with(changed.get(2), value));
        List<SourceRecord> longer = new ArrayList<>(chunks("x"));
        longer.set(3, with(longer.get(3), Arrays.copyOf(valueOf(longer.get(3)), 5_000)));
        Map<Integer, Reason> all = Map.of(
                0, Reason.CORRUPT_CHUNKS,
                1, Reason.CORRUPT_CHUNKS,
                2, Reason.CORRUPT_CHUNKS,
                3, Reason.CORRUPT_CHUNKS);

        checkWithoutCrash(changed, all);
        checkWithoutCrash(longer, all);
    }

    @Test
    void chunksThatContradictEachOtherOrThemselves() {
        List<SourceRecord> set = new ArrayList<>(chunks("x"));
        ChunkHeader other = new ChunkHeader(id(ids), 1, 4, 1_000_000, 7);
        set.add(1, ChunkRecords.chunk(other, new byte[10], NOW));
        check(set, Map.of(1, Reason.INVALID_CHUNK), "x");

        List<Header> broken = new ArrayList<>(chunks("x").get(0).headers());
        broken.remove(3);
        check(List.of(new SourceRecord(ChunkRecords.key(), new byte[9], broken, NOW)), Map.of(0, Reason.INVALID_CHUNK));
        check(List.of(with(chunks("x").get(0), null)), Map.of(0, Reason.INVALID_CHUNK));
        check(List.of(with(chunks("x").get(0), new byte[0])), Map.of(0, Reason.INVALID_CHUNK));
    }

    @Test
    void setThatAnnouncesFiftyGigabytes() {
        List<SourceRecord> set = new ArrayList<>();
        for (int index = 0; index < 3; index++) {
            set.add(ChunkRecords.chunk(new ChunkHeader(id(++ids), index, 60_000, 50L << 30, 1), new byte[100], NOW));
        }

        check(set, Map.of(0, Reason.TOO_LARGE, 1, Reason.TOO_LARGE, 2, Reason.TOO_LARGE));
    }

    @Test
    void setWhoseWholeCannotBeStored() {
        byte[] event = encoded(aStep("s", "x").setAction("{").build());

        check(ChunkRecords.chunks(id(++ids), event, event.length / 3, NOW), Map.of(3, Reason.INVALID_ACTION));
    }

    @Test
    void headersOfAnyLengthAndNumber() {
        List<SourceRecord> set = new ArrayList<>(chunks("x"));
        List<Header> headers = new ArrayList<>(set.get(0).headers());
        headers.add(new RecordHeader("h".repeat(100_000), new byte[200_000]));
        for (int header = 0; header < 1_000; header++) {
            headers.add(new RecordHeader("", null));
        }
        set.set(0, new SourceRecord(ChunkRecords.key(), set.get(0).value(), headers, NOW));

        check(set, Map.of(), "x");
        check(
                set.subList(0, 3),
                Map.of(0, Reason.INCOMPLETE_CHUNKS, 1, Reason.INCOMPLETE_CHUNKS, 2, Reason.INCOMPLETE_CHUNKS));
    }

    private void checkStored(StepCapture.Builder capture) {
        check(List.of(record(capture)), Map.of(), capture.getStepId());
    }

    private void check(SourceRecord bad, Reason reason) {
        check(List.of(bad), Map.of(0, reason));
    }

    /** Checks with a crash after each record, and with none. */
    private void check(List<SourceRecord> records, Map<Integer, Reason> dead, String... stored) {
        for (int crashAfter = 0; crashAfter <= records.size() + 2; crashAfter++) {
            boolean committed = crashAfter % 2 == 0;
            new World(records).play(crashAfter, committed).assertSettled(dead, stored);
            if (records.size() > 1) {
                new World(records).play(crashAfter, !committed).assertSettled(dead, stored);
            }
        }
        checkWithoutCrash(records, dead, stored);
    }

    /** A set that is half dead-lettered when the worker crashes has another reason for its other half. */
    private void checkWithoutCrash(List<SourceRecord> records, Map<Integer, Reason> dead, String... stored) {
        new World(records).play(-1, false).assertSettled(dead, stored);
    }

    /** A partition, and the worker that reads it. */
    private static final class World {
        private final List<SourceRecord> log = new ArrayList<>();
        private PipelineHarness worker = PipelineHarness.withDiskQueue(MEMORY);
        private int position;

        World(List<SourceRecord> bad) {
            log.add(record(aStep("good", "before")));
            log.addAll(bad);
            log.add(record(aStep("good", "after")));
            worker.assign(P0);
        }

        World play(int crashAfter, boolean committed) {
            while (position < log.size()) {
                if (position == crashAfter) {
                    crash(committed);
                    crashAfter = -1;
                }
                read();
                worker.pass(Duration.ofMillis(500));
            }
            if (crashAfter == log.size()) {
                crash(committed);
            }
            for (int round = 0; round < 3; round++) {
                goBack();
                for (int reads = 0; reads < 2 * log.size(); reads++) {
                    read();
                    worker.tick();
                }
                worker.pipeline.wereAtEnd(Set.of(P0), PAST_CHUNK_TIMEOUT);
                worker.quiesce();
            }
            return this;
        }

        private void crash(boolean committed) {
            if (worker.committer.isPending() && committed) {
                worker.committer.succeed(); // but nobody is told
            }
            worker = worker.crash();
            worker.assign(P0);
            position = (int) (long) worker.committer.committed().getOrDefault(P0, 0L);
        }

        private void read() {
            goBack();
            if (position < log.size() && worker.mayRead(P0)) {
                worker.pipeline.record(consumerRecord(position, log.get(position)));
                position++;
            }
        }

        private void goBack() {
            worker.pipeline.takeRewinds().forEach((partition, offset) -> position = (int) (long) offset);
        }

        void assertSettled(Map<Integer, Reason> dead, String... stored) {
            Map<Long, Reason> expected = new TreeMap<>();
            dead.forEach((index, reason) -> expected.put(index + 1L, reason));
            Map<Long, Reason> actual = new TreeMap<>();
            for (DeadLetter letter : worker.committer.deadLetters) {
                assertThat(actual.put(letter.offset(), letter.rejection().reason()))
                        .as("dead letter of offset " + letter.offset() + " comes once")
                        .isNull();
                assertSource(letter);
            }
            assertThat(actual).isEqualTo(expected);
            List<String> steps = new ArrayList<>(List.of("before", "after"));
            steps.addAll(Arrays.asList(stored));
            assertThat(worker.committer.published.stream()
                            .flatMap(completion -> completion.getSteps().stream())
                            .map(CompletedStep::getStepId))
                    .containsExactlyInAnyOrderElementsOf(steps);
            assertThat(worker.store.stored.stream().map(CommitRecord::stepId)).containsAll(steps);
            assertThat(worker.committer.committed()).containsEntry(P0, (long) log.size());
            assertThat(worker.chunks.size()).isZero();
            assertThat(worker.disk.entries()).isEmpty();
            assertThat(worker.registry
                            .get("stepvault.memory.used.bytes")
                            .gauge()
                            .value())
                    .isZero();
        }

        private void assertSource(DeadLetter letter) {
            assertThat(letter.source()).isEqualTo(P0);
            assertThat(letter.topicId()).isEqualTo(PipelineHarness.TOPIC.topicId());
            assertThat(letter.rejection().detail()).isNotEmpty();
            SourceRecord sent = log.get((int) letter.offset());
            boolean isWhole = letter.rejection().reason() == Reason.INVALID_ACTION
                    && sent.headers().size() > 1;
            assertThat(letter.record().key()).isEqualTo(sent.key());
            assertThat(letter.record().timestamp()).isEqualTo(sent.timestamp());
            if (!isWhole) {
                assertThat(letter.record().value()).isEqualTo(sent.value());
                assertThat(letter.record().headers()).isEqualTo(sent.headers());
            }
        }
    }

    @SuppressWarnings("NullAway") // a record may have no key and no value, whatever its annotations say
    private static ConsumerRecord<byte[], byte[]> consumerRecord(long offset, SourceRecord record) {
        ConsumerRecord<byte[], byte[]> made = new ConsumerRecord<>(
                P0.topic(),
                P0.partition(),
                offset,
                record.timestamp(),
                TimestampType.CREATE_TIME,
                0,
                0,
                record.key(),
                record.value(),
                new RecordHeaders(record.headers()),
                Optional.empty());
        return made;
    }

    private List<SourceRecord> chunks(String step) {
        byte[] event = encoded(aStep("s", step).setHtml(text("h".repeat(400))).build());
        List<SourceRecord> set = ChunkRecords.chunks(id(++ids), event, (event.length + 3) / 4, NOW);
        assertThat(set).hasSize(4);
        return set;
    }

    private static UUID id(int number) {
        return new UUID(1, number);
    }

    private static SourceRecord record(StepCapture.Builder capture) {
        StepCapture event = capture.build();
        return new SourceRecord(event.getSessionId().getBytes(StandardCharsets.UTF_8), encoded(event), List.of(), NOW);
    }

    private static SourceRecord record(byte @Nullable [] value) {
        return new SourceRecord(
                ChunkRecords.key(),
                value,
                List.of(new RecordHeader("h", new byte[] {1}), new RecordHeader("h", null)),
                NOW);
    }

    private static SourceRecord with(SourceRecord record, byte @Nullable [] value) {
        return new SourceRecord(record.key(), value, record.headers(), record.timestamp());
    }

    private static byte[] valueOf(SourceRecord record) {
        byte[] value = record.value();
        return value == null ? new byte[0] : value;
    }

    private static byte[] encoded(StepCapture capture) {
        return SingleObjectCodec.stepCaptures().encode(capture);
    }

    private static Artifact text(String text) {
        return Artifacts.of("text/plain", text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Artifact> attachments(int count) {
        Map<String, Artifact> attachments = new HashMap<>();
        for (int number = 0; number < count; number++) {
            attachments.put("a" + number, text("x"));
        }
        return attachments;
    }
}
