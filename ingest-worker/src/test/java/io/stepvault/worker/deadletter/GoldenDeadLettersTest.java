package io.stepvault.worker.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.stepvault.capture.Rejection;
import io.stepvault.wire.CaptureDecoder;
import io.stepvault.worker.deadletter.LetterHeaders.Omission;
import io.stepvault.worker.flow.DeadLetter;
import io.stepvault.worker.flow.SourceRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Letters that earlier versions left behind must be readable for ever. */
class GoldenDeadLettersTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/dead-letters/v1");

    @ParameterizedTest
    @ValueSource(strings = {"first", "again", "nothing", "forged", "omitted", "chunks"})
    void readsTheLetter(String name) throws Exception {
        Example golden = Example.read(name);
        TopicLog log = new TopicLog().append(0, golden.records());
        DeadLetterReader reader = new DeadLetterReader(log, Letters.TOPIC, Duration.ofSeconds(5));

        List<StoredDeadLetter> letters = reader.scan(Optional.empty()).letters();

        assertThat(letters).hasSize(1);
        assertThat(letters.get(0).headers()).isEqualTo(golden.headers());
        SourceRecord record = reader.load(letters.get(0));
        assertThat(record.headers()).containsExactlyElementsOf(golden.headers("/letter/own_headers"));
        assertThat(record.value()).isEqualTo(golden.hex("/letter/value_hex"));
        assertThat(record.key()).isEqualTo(golden.records().get(0).key());
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "again", "nothing", "forged"})
    void writesTheSameToTheByte(String name) throws IOException {
        Example golden = Example.read(name);
        LetterHeaders headers = golden.headers();
        List<Header> own = new ArrayList<>(golden.headers("/letter/own_headers"));
        if (headers.attempts().count() > 1) {
            own.addAll(new Attempts(
                            headers.attempts().count() - 1, headers.attempts().past())
                    .headers());
        }
        ProducerRecord<byte[], byte[]> expected = golden.records().get(0);
        Rejection.Reason reason = Arrays.stream(Rejection.Reason.values())
                .filter(each -> each.code().equals(headers.reason()))
                .findFirst()
                .orElseThrow();
        LetterSource source = headers.source();
        DeadLetter letter = new DeadLetter(
                new TopicPartition(source.topic(), source.id().partition()),
                source.id().topicId(),
                source.id().offset(),
                new Rejection(reason, headers.detail()),
                new SourceRecord(expected.key(), expected.value(), own, source.timestamp()));

        assertThat(DeadLetterFormat.records(letter, Letters.TOPIC)).containsExactly(expected);
    }

    @Test
    void namesTheSetsOfChunksAsBefore() throws IOException {
        Example golden = Example.read("chunks");
        LetterSource.Id source = golden.headers().source().id();

        assertThat(DeadLetterFormat.setId("dead-letter", source, 16).toString().replace("-", ""))
                .isEqualTo(HexFormat.of()
                        .formatHex(golden.records()
                                .get(0)
                                .headers()
                                .lastHeader("stepvault-dead-letter-chunk-id")
                                .value()));
    }

    @Test
    void readsTheMarker() throws IOException {
        Example golden = Example.read("marker");

        assertThat(RedriveFormat.marked(
                        Letters.delivered(2, 18, golden.records().get(0))))
                .hasValueSatisfying(id -> assertThat(id).hasToString(golden.text("/marks")));
    }

    @Test
    void writesTheSameMarkerAndRedrivenRecord() throws Exception {
        Example first = Example.read("first");
        DeadLetterIndex index = new DeadLetterIndex(CaptureDecoder.withoutRegistry());
        index.add(Letters.delivered(2, 17, first.records().get(0)));
        StoredDeadLetter letter = index.letters().get(0);
        StoredDeadLetter sent = new StoredDeadLetter(
                letter.records(),
                Instant.ofEpochMilli(Letters.SENT_AT),
                letter.headers(),
                letter.payload(),
                letter.state());
        ProducerRecord<byte[], byte[]> letterRecord = first.records().get(0);
        SourceRecord record = new SourceRecord(
                letterRecord.key(),
                letterRecord.value(),
                first.headers("/letter/own_headers"),
                letter.source().timestamp());

        assertThat(RedriveFormat.marker(sent, Letters.TOPIC, "step-captures").headers())
                .isEqualTo(Example.read("marker").records().get(0).headers());
        ProducerRecord<byte[], byte[]> expected =
                Example.read("redriven").records().get(0);
        assertThat(RedriveFormat.records(sent, record, Letters.TOPIC, null))
                .singleElement()
                .satisfies(again -> {
                    assertThat(again.key()).isEqualTo(expected.key());
                    assertThat(again.value()).isEqualTo(expected.value());
                    assertThat(again.headers()).isEqualTo(expected.headers());
                });
    }

    /** A golden file, as the text of every value by its JSON pointer; null is left out. */
    private record Example(Map<String, String> values) {
        static Example read(String name) throws IOException {
            Map<String, String> values = new TreeMap<>();
            try (JsonParser json = JsonFactory.builder()
                    .build()
                    .createParser(GOLDEN.resolve(name + ".json").toFile())) {
                for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                    if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                        values.put(json.getParsingContext().pathAsPointer().toString(), json.getText());
                    }
                }
            }
            return new Example(values);
        }

        String text(String pointer) {
            return Optional.ofNullable(values.get(pointer)).orElseThrow(() -> new AssertionError(pointer));
        }

        byte @Nullable [] hex(String pointer) {
            return values.containsKey(pointer) ? HexFormat.of().parseHex(text(pointer)) : null;
        }

        List<ProducerRecord<byte[], byte[]>> records() {
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (int i = 0; values.containsKey("/records/" + i + "/headers/0/name"); i++) {
                String record = "/records/" + i;
                records.add(DeadLetterFormat.record(
                        Letters.TOPIC,
                        null,
                        hex(record + "/key_hex"),
                        hex(record + "/value_hex"),
                        headers(record + "/headers")));
            }
            return records;
        }

        List<Header> headers(String pointer) {
            List<Header> headers = new ArrayList<>();
            for (int i = 0; values.containsKey(pointer + "/" + i + "/name"); i++) {
                String header = pointer + "/" + i;
                byte[] value = values.containsKey(header + "/text")
                        ? text(header + "/text").getBytes(StandardCharsets.UTF_8)
                        : hex(header + "/hex");
                headers.add(new RecordHeader(text(header + "/name"), value));
            }
            return headers;
        }

        LetterHeaders headers() {
            List<PastAttempt> past = new ArrayList<>();
            for (int i = 0; values.containsKey("/letter/past/" + i); i++) {
                past.add(PastAttempt.parse(text("/letter/past/" + i)).orElseThrow());
            }
            return new LetterHeaders(
                    text("/letter/reason"),
                    text("/letter/detail"),
                    new LetterSource(
                            text("/letter/topic"),
                            new LetterSource.Id(
                                    text("/letter/topic_id"),
                                    (int) number("/letter/partition"),
                                    number("/letter/offset")),
                            number("/letter/timestamp")),
                    new Attempts((int) number("/letter/attempts"), past),
                    new Omission((int) number("/letter/omitted_headers"), (int) number("/letter/omitted_key_bytes")));
        }

        private long number(String pointer) {
            return Long.parseLong(text(pointer));
        }
    }
}
