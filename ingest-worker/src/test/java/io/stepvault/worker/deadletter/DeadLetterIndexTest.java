package io.stepvault.worker.deadletter;

import static io.stepvault.worker.deadletter.Letters.bytes;
import static io.stepvault.worker.deadletter.Letters.delivered;
import static io.stepvault.worker.deadletter.Letters.header;
import static io.stepvault.worker.deadletter.Letters.letter;
import static io.stepvault.worker.deadletter.Letters.record;
import static io.stepvault.worker.deadletter.Letters.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.wire.CaptureDecoder;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.worker.Captures;
import io.stepvault.worker.deadletter.StoredDeadLetter.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

class DeadLetterIndexTest {
    private final DeadLetterIndex index = new DeadLetterIndex(CaptureDecoder.withoutRegistry());

    @Example
    void describesALetter() {
        byte[] capture = SingleObjectCodec.stepCaptures()
                .encode(Captures.aStep("s-1", "step-1").build());
        add(0, 10, DeadLetterFormat.records(letter(42, record(utf8("key"), capture)), Letters.TOPIC));

        StoredDeadLetter letter = only();
        assertThat(letter.place()).isEqualTo(new LetterPlace(0, 10));
        assertThat(letter.at()).isEqualTo(Instant.ofEpochMilli(Letters.SENT_AT + 10));
        assertThat(letter.payload().session()).contains("s-1");
        assertThat(letter.payload().step()).contains("step-1");
        assertThat(letter.payload().bytes()).hasValue(capture.length);
        assertThat(letter.state()).isEqualTo(State.WAITING);
        assertThat(letter.source()).hasToString("captures-3@42");
    }

    @Example
    void takesTheSessionFromTheKeyWhereNothingElseSaysIt() {
        add(0, 0, DeadLetterFormat.records(letter(1, record(utf8("key"), utf8("X"))), Letters.TOPIC));
        add(0, 1, DeadLetterFormat.records(letter(2, record(new byte[] {-1}, null)), Letters.TOPIC));

        assertThat(index.letters())
                .extracting(letter -> letter.payload().session().orElse("none"))
                .containsExactly("key", "none");
    }

    @Example
    void leavesRepeatsOut() {
        List<ProducerRecord<byte[], byte[]>> records =
                DeadLetterFormat.records(letter(42, record(utf8("k"), utf8("X"))), Letters.TOPIC);
        add(1, 5, records);
        add(1, 9, records);

        assertThat(only().place()).isEqualTo(new LetterPlace(1, 5));
    }

    @Example
    void marksWhatWasRedriven() {
        add(0, 0, DeadLetterFormat.records(letter(1, record(utf8("k"), utf8("X"))), Letters.TOPIC));
        add(0, 1, DeadLetterFormat.records(letter(2, record(utf8("k"), utf8("X"))), Letters.TOPIC));
        add(0, 2, List.of(RedriveFormat.marker(index.letters().get(0), Letters.TOPIC, "captures")));

        assertThat(index.letters()).extracting(StoredDeadLetter::state).containsExactly(State.REDRIVEN, State.WAITING);
        assertThat(index.strangeCount()).isZero();
    }

    @Example
    void isNotTakenInByALetterThatPosesAsAMarker() {
        add(0, 0, DeadLetterFormat.records(letter(1, record(utf8("k"), utf8("X"))), Letters.TOPIC));
        add(
                0,
                1,
                DeadLetterFormat.records(
                        letter(2, record(null, null, header("stepvault-redriven", Letters.TOPIC_ID + "/3@1"))),
                        Letters.TOPIC));

        assertThat(index.letters()).extracting(StoredDeadLetter::state).containsOnly(State.WAITING);
    }

    @Example
    void listsWhatIsNoDeadLetter() {
        ProducerRecord<byte[], byte[]> broken = DeadLetterFormat.records(
                        letter(1, record(utf8("k"), utf8("X"))), Letters.TOPIC)
                .get(0);
        broken.headers().remove("stepvault-offset").add(header("stepvault-offset", "many"));
        add(0, 0, List.of(broken, DeadLetterFormat.record(Letters.TOPIC, null, null, utf8("hello"), List.of())));

        assertThat(index.letters()).isEmpty();
        assertThat(index.strangeRecords())
                .extracting(StrangeRecord::place)
                .containsExactly(new LetterPlace(0, 0), new LetterPlace(0, 1));
        assertThat(index.strangeCount()).isEqualTo(2);
    }

    @Example
    void saysWhatIsThereInPart() {
        List<ProducerRecord<byte[], byte[]>> chunks = large(1);
        add(0, 8, chunks.subList(1, chunks.size()));

        assertThat(index.hasParts()).isTrue();
        assertThat(only().state()).isEqualTo(State.PARTIAL);
        assertThat(only().payload().bytes()).hasValue(3_000_000);
        assertThat(only().place()).isEqualTo(new LetterPlace(0, 10));
    }

    @Property(tries = 100)
    void putsChunksTogetherHoweverTheyComeAndComeAgain(@ForAll long seed) {
        DeadLetterIndex index = new DeadLetterIndex(CaptureDecoder.withoutRegistry());
        Random random = new Random(seed);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int letter = 0; letter < 3; letter++) {
            List<ProducerRecord<byte[], byte[]>> chunks = large(letter);
            records.addAll(chunks);
            records.addAll(chunks.subList(0, random.nextInt(chunks.size() + 1)));
            records.addAll(DeadLetterFormat.records(letter(100 + letter, record(utf8("k"), utf8("X"))), Letters.TOPIC));
        }
        Collections.shuffle(records, random);
        List<ConsumerRecord<byte[], byte[]>> delivered = delivered(0, 0, records);

        delivered.forEach(index::add);

        assertThat(index.letters())
                .hasSize(6)
                .extracting(StoredDeadLetter::state)
                .containsOnly(State.WAITING);
        assertThat(index.hasParts()).isFalse();
        for (StoredDeadLetter letter : index.letters()) {
            List<Integer> indexes = letter.records().stream()
                    .map(place ->
                            records.get((int) place.offset()).headers().lastHeader("stepvault-dead-letter-chunk-index"))
                    .map(header -> header == null ? 0 : header.value()[0] - '0')
                    .toList();
            assertThat(indexes).isEqualTo(letter.records().size() == 1 ? List.of(0) : List.of(0, 1, 2, 3));
        }
    }

    private static List<ProducerRecord<byte[], byte[]>> large(long offset) {
        return DeadLetterFormat.records(letter(offset, record(utf8("k"), bytes(3_000_000))), Letters.TOPIC);
    }

    private void add(int partition, long offset, List<ProducerRecord<byte[], byte[]>> records) {
        delivered(partition, offset, records).forEach(index::add);
    }

    private StoredDeadLetter only() {
        assertThat(index.letters()).hasSize(1);
        return index.letters().get(0);
    }
}
