package io.stepvault.worker.deadletter;

import static io.stepvault.worker.deadletter.Letters.bytes;
import static io.stepvault.worker.deadletter.Letters.header;
import static io.stepvault.worker.deadletter.Letters.letter;
import static io.stepvault.worker.deadletter.Letters.record;
import static io.stepvault.worker.deadletter.Letters.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.capture.Rejection;
import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.ChunkHeader;
import io.stepvault.worker.deadletter.LetterHeaders.Omission;
import io.stepvault.worker.flow.DeadLetter;
import io.stepvault.worker.flow.SourceRecord;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;

class DeadLetterFormatTest {
    /** What an untouched producer sends, and an untouched broker takes. */
    private static final int BROKER_LIMIT = 1024 * 1024;

    @Example
    void keepsTheRecordAndSaysWhereItCameFromAndWhy() {
        SourceRecord source = record(utf8("session-1"), utf8("X"), header("trace", "abc"), header("trace", "def"));

        ProducerRecord<byte[], byte[]> sent = only(DeadLetterFormat.records(letter(42, source), Letters.TOPIC));

        assertThat(sent.topic()).isEqualTo(Letters.TOPIC);
        assertThat(sent.timestamp()).isNull();
        assertThat(sent.key()).isEqualTo(utf8("session-1"));
        assertThat(sent.value()).isEqualTo(utf8("X"));
        assertThat(texts(sent))
                .containsExactly(
                        "trace=abc",
                        "trace=def",
                        "stepvault-reason=undecodable",
                        "stepvault-detail=the first byte is 58",
                        "stepvault-source-topic=captures",
                        "stepvault-source-topic-id=" + Letters.TOPIC_ID,
                        "stepvault-partition=3",
                        "stepvault-offset=42",
                        "stepvault-timestamp=1795258800000",
                        "stepvault-attempts=1");
    }

    @Example
    void keepsWhatIsMissingMissing() {
        SourceRecord source = new SourceRecord(null, null, List.of(new RecordHeader("none", null)), -1);

        ProducerRecord<byte[], byte[]> sent = only(DeadLetterFormat.records(letter(0, source), Letters.TOPIC));

        assertThat(sent.key()).isNull();
        assertThat(sent.value()).isNull();
        assertThat(sent.headers().lastHeader("none").value()).isNull();
        assertThat(parsed(sent).source().timestamp()).isEqualTo(-1);
    }

    @Example
    void isNotTakenInByARecordThatPosesAsADeadLetter() {
        ProducerRecord<byte[], byte[]> forged = only(DeadLetterFormat.records(
                letter(
                        7,
                        new Rejection(Rejection.Reason.TOO_LARGE, "forged"),
                        record(utf8("k"), utf8("v"), header("own", "1"))),
                Letters.TOPIC));
        List<Header> hostile = new ArrayList<>(List.of(forged.headers().toArray()));
        hostile.add(header("stepvault-redriven", "x/0@1"));
        hostile.add(header("stepvault-dead-letter-chunk-id", "0123456789abcdef"));
        hostile.add(header("stepvault-omitted-headers", "5"));

        ProducerRecord<byte[], byte[]> sent = only(
                DeadLetterFormat.records(letter(8, new SourceRecord(utf8("k"), utf8("v"), hostile, 1)), Letters.TOPIC));

        LetterHeaders headers = parsed(sent);
        assertThat(headers.reason()).isEqualTo("undecodable");
        assertThat(headers.source().id().offset()).isEqualTo(8);
        assertThat(headers.omitted()).isEqualTo(Omission.NOTHING);
        assertThat(ChunkFormat.DEAD_LETTERS.isChunk(LetterHeaders.chunk(sent.headers())))
                .isFalse();
        assertThat(LetterHeaders.own(sent.headers()))
                .containsExactlyElementsOf(
                        hostile.stream().filter(h -> !Attempts.owns(h)).toList());
    }

    @Example
    void countsAttemptsUpAndHandsTheHistoryOn() {
        String history = "2026-11-20T08:00:00Z unknown-schema captures-3@17\nnonsense\n"
                + "2026-11-21T08:00:00.005Z undecodable captures-3@90";
        SourceRecord source = record(
                utf8("k"),
                utf8("v"),
                header("stepvault-attempts", "2"),
                header("own", "1"),
                header("stepvault-history", history));

        ProducerRecord<byte[], byte[]> sent = only(DeadLetterFormat.records(letter(91, source), Letters.TOPIC));

        assertThat(parsed(sent).attempts())
                .isEqualTo(new Attempts(
                        3,
                        List.of(
                                new PastAttempt(
                                        Instant.parse("2026-11-20T08:00:00Z"), "unknown-schema", "captures", 3, 17),
                                new PastAttempt(
                                        Instant.parse("2026-11-21T08:00:00.005Z"), "undecodable", "captures", 3, 90))));
        assertThat(LetterHeaders.own(sent.headers())).containsExactly(header("own", "1"));
    }

    @Example
    void passesOverAHistoryThatIsNotOurs() {
        for (Header hostile : List.of(
                header("stepvault-attempts", "-1"),
                header("stepvault-attempts", "99999999999999999999"),
                header("stepvault-attempts", ""),
                new RecordHeader("stepvault-attempts", null),
                new RecordHeader("stepvault-history", bytes(500)),
                new RecordHeader("stepvault-history", bytes(500_000)))) {
            assertThat(Attempts.of(List.of(hostile)).count()).as(hostile.key()).isZero();
            assertThat(Attempts.of(List.of(hostile)).past()).isEmpty();
        }
    }

    @Example
    void keepsTheLastTenAttempts() {
        Attempts attempts = new Attempts(1, List.of());
        for (int i = 0; i < 25; i++) {
            attempts = attempts.plusOne().plus(new PastAttempt(Instant.EPOCH, "undecodable", "t", 0, i));
        }

        assertThat(attempts.count()).isEqualTo(26);
        assertThat(attempts.past()).hasSize(10);
        assertThat(Attempts.of(attempts.headers())).isEqualTo(attempts);
    }

    @Example
    void cutsALargeValueIntoChunksThatCarryEverything() {
        byte[] value = bytes(3 * 1024 * 1024);
        DeadLetter letter = letter(42, record(utf8("session-1"), value, header("trace", "abc")));

        List<ProducerRecord<byte[], byte[]>> sent = DeadLetterFormat.records(letter, Letters.TOPIC);

        assertThat(sent).hasSize(4);
        assertThat(joined(sent)).isEqualTo(value);
        for (ProducerRecord<byte[], byte[]> record : sent) {
            assertThat(record.key()).isEqualTo(utf8("session-1"));
            assertThat(parsed(record)).isEqualTo(parsed(sent.get(0)));
            assertThat(LetterHeaders.own(record.headers())).containsExactly(header("trace", "abc"));
        }
    }

    @Example
    void makesTheSameChunksOfTheSameLetterAndOthersOfAnother() {
        SourceRecord record = record(utf8("k"), bytes(1_000_000));

        assertThat(setId(letter(1, record))).isEqualTo(setId(letter(1, record)));
        assertThat(setId(letter(1, record))).isNotEqualTo(setId(letter(2, record)));
    }

    @Example
    void keepsAChunkThatWillNeverBeWholeAsItCame() {
        ChunkHeader chunk = new ChunkHeader(new java.util.UUID(1, 2), 3, 5, 4_000_000, 77);
        List<Header> own = LetterHeaders.chunkHeaders(ChunkFormat.CAPTURES.write(chunk));
        SourceRecord source = new SourceRecord(utf8("k"), bytes(900 * 1024), own, 5);

        ProducerRecord<byte[], byte[]> sent = only(DeadLetterFormat.records(letter(1, source), Letters.TOPIC));

        assertThat(LetterHeaders.own(sent.headers())).containsExactlyElementsOf(own);
        assertThat(sent.value()).isEqualTo(source.value());
    }

    @Example
    void cutsADetailOfAnyLength() {
        Rejection endless = new Rejection(Rejection.Reason.UNDECODABLE, "\uD83D\uDE00".repeat(1_000_000));

        ProducerRecord<byte[], byte[]> sent =
                only(DeadLetterFormat.records(letter(1, endless, record(null, utf8("v"))), Letters.TOPIC));

        assertThat(parsed(sent).detail()).hasSizeLessThanOrEqualTo(1_000).endsWith("\uD83D\uDE00...");
    }

    @Example
    void saysWhatDoesNotFit() {
        Header chunk = header("stepvault-chunk-id", "0123456789abcdef");
        SourceRecord source = record(
                bytes(2_000_000),
                bytes(3_000),
                new RecordHeader("a", bytes(900_000)),
                chunk,
                new RecordHeader("b", bytes(800_000)));

        ProducerRecord<byte[], byte[]> sent = only(DeadLetterFormat.records(letter(1, source), Letters.TOPIC));

        assertThat(sent.key()).isNull();
        assertThat(parsed(sent).omitted()).isEqualTo(new Omission(1, 2_000_000));
        assertThat(LetterHeaders.own(sent.headers())).extracting(Header::key).containsExactly(chunk.key(), "b");
    }

    @Example
    void losesNothingOfWhatAnUntouchedBrokerTook() {
        SourceRecord source = record(utf8("k"), bytes(300 * 1024), new RecordHeader("large", bytes(720 * 1024)));

        List<ProducerRecord<byte[], byte[]>> sent = DeadLetterFormat.records(letter(1, source), Letters.TOPIC);

        assertThat(joined(sent)).isEqualTo(source.value());
        assertThat(sent).allSatisfy(each -> {
            assertThat(parsed(each).omitted().isEmpty()).isTrue();
            assertThat(size(each)).isLessThanOrEqualTo(BROKER_LIMIT);
        });
    }

    @Property(tries = 200)
    void anyRecordFitsAndComesBack(@ForAll("records") SourceRecord source, @ForAll String detail) {
        DeadLetter letter = letter(5, new Rejection(Rejection.Reason.INVALID_ACTION, detail), source);

        List<ProducerRecord<byte[], byte[]>> sent = DeadLetterFormat.records(letter, Letters.TOPIC);

        for (ProducerRecord<byte[], byte[]> record : sent) {
            assertThat(size(record)).isLessThanOrEqualTo(BROKER_LIMIT);
            LetterHeaders headers = parsed(record);
            assertThat(headers.reason()).isEqualTo("invalid-action");
            assertThat(headers.source().id()).isEqualTo(new LetterSource.Id(Letters.TOPIC_ID, 3, 5));
            List<Header> own = LetterHeaders.own(record.headers());
            List<Header> expected =
                    source.headers().stream().filter(h -> !Attempts.owns(h)).toList();
            assertThat(own).hasSize(expected.size() - headers.omitted().headers());
            if (headers.omitted().isEmpty()) {
                assertThat(own).containsExactlyElementsOf(expected);
                assertThat(record.key()).isEqualTo(source.key());
            }
        }
        assertThat(joined(sent)).isEqualTo(source.value());
    }

    @Provide
    Arbitrary<SourceRecord> records() {
        Arbitrary<byte[]> small =
                Arbitraries.integers().between(0, 60).map(Letters::bytes).injectNull(0.1);
        Arbitrary<byte[]> any = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(6, small),
                net.jqwik.api.Tuple.of(
                        1, Arbitraries.integers().between(0, 2_000_000).map(Letters::bytes)));
        Arbitrary<String> names = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(20),
                Arbitraries.of(
                        LetterHeaders.REASON,
                        LetterHeaders.DETAIL,
                        LetterHeaders.OFFSET,
                        LetterHeaders.OMITTED_HEADERS,
                        Attempts.COUNT,
                        Attempts.HISTORY,
                        RedriveFormat.REDRIVEN,
                        "stepvault-dead-letter-chunk-id",
                        "stepvault-dead-letter-chunk-index",
                        "stepvault-chunk-id"));
        Arbitrary<Header> header = Combinators.combine(names, any).as(RecordHeader::new);
        return Combinators.combine(any, any, header.list().ofMaxSize(8))
                .as((key, value, headers) -> new SourceRecord(key, value, headers, 1));
    }

    private static java.util.UUID setId(DeadLetter letter) {
        return chunk(DeadLetterFormat.records(letter, Letters.TOPIC).get(0)).id();
    }

    private static byte @org.jspecify.annotations.Nullable [] joined(List<ProducerRecord<byte[], byte[]>> records) {
        if (records.size() == 1) {
            return records.get(0).value();
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < records.size(); i++) {
            assertThat(chunk(records.get(i)).index()).isEqualTo(i);
            assertThat(chunk(records.get(i)).count()).isEqualTo(records.size());
            all.writeBytes(records.get(i).value());
        }
        return all.toByteArray();
    }

    private static ChunkHeader chunk(ProducerRecord<byte[], byte[]> record) {
        if (ChunkFormat.DEAD_LETTERS.parse(LetterHeaders.chunk(record.headers()))
                instanceof ChunkFormat.Parsed.Chunk chunk) {
            return chunk.header();
        }
        throw new AssertionError("no chunk");
    }

    private static LetterHeaders parsed(ProducerRecord<byte[], byte[]> record) {
        return LetterHeaders.parse(record.headers()).orElseThrow();
    }

    private static ProducerRecord<byte[], byte[]> only(List<ProducerRecord<byte[], byte[]>> records) {
        assertThat(records).hasSize(1);
        return records.get(0);
    }

    private static List<String> texts(ProducerRecord<byte[], byte[]> record) {
        return Arrays.stream(record.headers().toArray())
                .map(header ->
                        header.key() + "=" + new String(Objects.requireNonNull(header.value()), StandardCharsets.UTF_8))
                .toList();
    }

    /** As the producer counts it. */
    private static int size(ProducerRecord<byte[], byte[]> record) {
        return AbstractRecords.estimateSizeInBytesUpperBound(
                RecordBatch.CURRENT_MAGIC_VALUE,
                CompressionType.NONE,
                record.key(),
                record.value(),
                new RecordHeaders(record.headers()).toArray());
    }
}
