package io.stepvault.worker.deadletter;

import static io.stepvault.worker.deadletter.Letters.bytes;
import static io.stepvault.worker.deadletter.Letters.header;
import static io.stepvault.worker.deadletter.Letters.letter;
import static io.stepvault.worker.deadletter.Letters.record;
import static io.stepvault.worker.deadletter.Letters.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.worker.flow.SourceRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class DeadLetterReaderTest {
    private final TopicLog log = new TopicLog();
    private final DeadLetterReader reader = new DeadLetterReader(log, Letters.TOPIC, Duration.ofSeconds(5));

    @Test
    void givesEveryLetterBackToTheByte() throws LetterUnreadableException {
        for (int i = 0; i < 10; i++) {
            log.append(i % 2, letters(i, record(utf8("k" + i), utf8("value " + i), header("n", "" + i))));
        }
        log.append(0, letters(10, record(utf8("large"), bytes(3_000_000), header("n", "10"))));

        List<StoredDeadLetter> letters = scan();

        assertThat(letters).hasSize(11);
        for (StoredDeadLetter letter : letters) {
            long n = letter.source().id().offset();
            SourceRecord record = reader.load(letter);
            assertThat(record.key()).isEqualTo(utf8(n == 10 ? "large" : "k" + n));
            assertThat(record.value()).isEqualTo(n == 10 ? bytes(3_000_000) : utf8("value " + n));
            assertThat(record.headers()).containsExactly(header("n", "" + n));
            assertThat(record.timestamp()).isEqualTo(1_795_258_800_000L);
        }
    }

    @Test
    void putsInterleavedChunksTogether() throws LetterUnreadableException {
        List<ProducerRecord<byte[], byte[]>> one = letters(1, record(null, bytes(2_000_000)));
        List<ProducerRecord<byte[], byte[]>> two = letters(2, record(null, bytes(2_500_000)));
        for (int i = 0; i < 3; i++) {
            log.append(i % 2, List.of(one.get(i), two.get(i)));
        }

        List<StoredDeadLetter> letters = scan();

        assertThat(letters).hasSize(2);
        for (StoredDeadLetter letter : letters) {
            assertThat(reader.load(letter).value())
                    .isEqualTo(bytes(letter.source().id().offset() == 1 ? 2_000_000 : 2_500_000));
        }
    }

    /** As many as there are, of whom the reader keeps none; a set of chunks whose last is not there is no letter yet. */
    @Test
    void showsTheHeadersOfAllLetters() {
        log.append(0, letters(1, record(utf8("k"), utf8("v"))));
        log.append(1, letters(1, record(utf8("k"), utf8("v"))));
        log.append(1, letters(2, record(utf8("k"), bytes(2_000_000))));
        log.append(0, letters(3, record(utf8("k"), bytes(2_000_000))).subList(0, 2));
        List<Long> offsets = new ArrayList<>();

        reader.forEachLetter(letter -> {
            assertThat(letter.reason()).isEqualTo("undecodable");
            offsets.add(letter.source().id().offset());
        });

        assertThat(offsets).containsExactlyInAnyOrder(1L, 1L, 2L);
    }

    @Test
    void startsAtATimeUnlessALetterWouldBeCutByThat() {
        log.append(0, letters(1, record(utf8("k"), utf8("old"))));
        Instant late = Instant.ofEpochMilli(Letters.SENT_AT).plus(Duration.ofHours(2));

        assertThat(reader.scan(Optional.of(late)).letters()).isEmpty();
        assertThat(reader.scan(Optional.of(Instant.ofEpochMilli(Letters.SENT_AT)))
                        .letters())
                .hasSize(1);
    }

    @Test
    void goesBackToTheStartForTheRestOfALetter() {
        log.append(0, letters(1, record(utf8("k"), bytes(2_000_000))));
        // The time of offset n is SENT_AT + n.
        Instant between = Instant.ofEpochMilli(Letters.SENT_AT + 1).plus(Duration.ofHours(1));

        assertThat(reader.scan(Optional.of(between)).letters())
                .extracting(StoredDeadLetter::state)
                .containsExactly(StoredDeadLetter.State.WAITING);
    }

    @Test
    void saysWhatRetentionHasRemoved() {
        log.append(0, letters(1, record(utf8("k"), utf8("v"))));
        log.append(0, letters(2, record(utf8("k"), utf8("v"))));
        log.append(1, letters(3, record(utf8("k"), bytes(2_000_000))));
        List<StoredDeadLetter> before = scan();
        log.retentionTakes(0, 1);
        log.retentionTakes(1, 1);

        assertThat(scan())
                .extracting(StoredDeadLetter::state)
                .containsExactlyInAnyOrder(StoredDeadLetter.State.WAITING, StoredDeadLetter.State.PARTIAL);
        assertThatThrownBy(() -> reader.load(before.get(0)))
                .isInstanceOf(LetterUnreadableException.class)
                .hasMessageContaining("retention has removed its record at 0@0");
        assertThatThrownBy(() -> reader.load(scan().stream()
                        .filter(letter -> letter.state() == StoredDeadLetter.State.PARTIAL)
                        .findFirst()
                        .orElseThrow()))
                .hasMessageContaining("some of its chunks are missing");
    }

    @Test
    void refusesChunksThatAreNotWhatWasAnnounced() {
        List<ProducerRecord<byte[], byte[]>> chunks = List.copyOf(letters(1, record(utf8("k"), bytes(2_000_000))));
        chunks.get(1).value()[17] ^= 1;
        log.append(0, chunks);

        assertThatThrownBy(() -> reader.load(scan().get(0)))
                .isInstanceOf(LetterUnreadableException.class)
                .hasMessageContaining("do not make up what was announced");
    }

    private List<StoredDeadLetter> scan() {
        return reader.scan(Optional.empty()).letters();
    }

    private static List<ProducerRecord<byte[], byte[]>> letters(long offset, SourceRecord record) {
        return DeadLetterFormat.records(letter(offset, record), Letters.TOPIC);
    }
}
