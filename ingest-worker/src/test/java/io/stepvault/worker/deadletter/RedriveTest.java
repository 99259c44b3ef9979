package io.stepvault.worker.deadletter;

import static io.stepvault.worker.deadletter.Letters.bytes;
import static io.stepvault.worker.deadletter.Letters.header;
import static io.stepvault.worker.deadletter.Letters.letter;
import static io.stepvault.worker.deadletter.Letters.record;
import static io.stepvault.worker.deadletter.Letters.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.ChunkHeader;
import io.stepvault.worker.flow.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class RedriveTest implements RedriveListener {
    private final TopicLog log = new TopicLog();
    private final List<String> outcomes = new ArrayList<>();
    private final List<ScriptedProducer> producers = new ArrayList<>();
    private final Deque<RuntimeException> commitFailures = new ArrayDeque<>();
    private boolean commitsBeforeItFails;
    private int partitionsOfTarget = 12;
    private int enough = Integer.MAX_VALUE;

    @Test
    void sendsEachLetterOnce() {
        log.append(0, letters(42, record(utf8("k"), utf8("X"), header("own", "1"))));
        log.append(1, letters(43, record(null, null)));

        redrive();
        redrive();

        assertThat(outcomes).containsExactlyInAnyOrder("sent 42", "sent 43");
        assertThat(sentTo("captures")).hasSize(2);
        ProducerRecord<byte[], byte[]> first = sentTo("captures").get(0);
        assertThat(first.key()).isEqualTo(utf8("k"));
        assertThat(first.value()).isEqualTo(utf8("X"));
        assertThat(first.partition()).isEqualTo(3);
        assertThat(first.timestamp()).isNull();
        assertThat(first.headers().toArray())
                .containsExactly(
                        header("own", "1"),
                        header("stepvault-attempts", "1"),
                        header("stepvault-history", "2026-11-22T11:00:00.123Z undecodable captures-3@42"));
    }

    @Test
    void leavesThePartitionToTheKeyWhereThereIsNoneOfThatNumber() {
        partitionsOfTarget = 2;
        log.append(0, letters(42, record(utf8("k"), utf8("X"))));

        redrive();

        assertThat(sentTo("captures").get(0).partition()).isNull();
    }

    @Test
    void keepsTheHistoryOfWhatFailsAgain() {
        log.append(0, letters(42, record(utf8("k"), utf8("X"))));
        for (int attempt = 2; attempt <= 14; attempt++) {
            redrive();
            ProducerRecord<byte[], byte[]> again = sentTo("captures").get(attempt - 2);
            SourceRecord source = new SourceRecord(
                    again.key(), again.value(), List.of(again.headers().toArray()), 1);
            log.append(0, letters(42 + attempt, source));

            StoredDeadLetter failed = waiting().get(0);
            assertThat(failed.headers().attempts().count()).isEqualTo(attempt);
            assertThat(failed.headers().attempts().past()).hasSize(Math.min(10, attempt - 1));
            assertThat(failed.headers().attempts().past())
                    .last()
                    .extracting(PastAttempt::offset)
                    .isEqualTo(attempt == 2 ? 42L : 41L + attempt);
        }
    }

    @Test
    void cutsWhatIsTooLargeIntoChunksOfACapture() {
        byte[] value = bytes(3_000_000);
        log.append(0, letters(1, record(utf8("k"), value, header("own", "1"))));

        redrive();

        List<ProducerRecord<byte[], byte[]>> sent = sentTo("captures");
        assertThat(sent).hasSize(4).allSatisfy(chunk -> {
            assertThat(chunk.headers().headers("own")).hasSize(1);
            assertThat(chunk.headers().headers("stepvault-attempts")).hasSize(1);
            assertThat(chunk.value()).hasSizeLessThanOrEqualTo(900 * 1024);
        });
        assertThat(sent.stream().mapToInt(chunk -> chunk.value().length).sum()).isEqualTo(value.length);
    }

    @Test
    void sendsChunksOfCapturesAsTheyWereInTheirOrder() {
        UUID set = new UUID(1, 2);
        for (int index : List.of(2, 0, 1)) {
            List<Header> chunk = LetterHeaders.chunkHeaders(
                    ChunkFormat.CAPTURES.write(new ChunkHeader(set, index, 4, 4_000_000, 5)));
            log.append(index % 2, letters(10 + index, new SourceRecord(null, bytes(1_000_000 - 16 * 1024), chunk, 1)));
        }
        log.append(1, letters(99, record(utf8("k"), utf8("X"))));

        redrive();

        List<ProducerRecord<byte[], byte[]>> sent = sentTo("captures");
        assertThat(outcomes).containsExactly("sent 99", "sent 10", "sent 11", "sent 12");
        assertThat(sent).hasSize(4);
        for (int index = 0; index < 3; index++) {
            assertThat(sent.get(index + 1).value()).isEqualTo(bytes(1_000_000 - 16 * 1024));
            assertThat(sent.get(index + 1).headers().lastHeader("stepvault-chunk-index"))
                    .isEqualTo(header("stepvault-chunk-index", "" + index));
            assertThat(sent.get(index + 1).partition()).isEqualTo(3);
        }
    }

    @Test
    void asksAgainAboutACommitThatTimedOut() {
        log.append(0, letters(1, record(utf8("k"), utf8("X"))));
        commitFailures.add(new TimeoutException());
        commitFailures.add(new TimeoutException());

        redrive();

        assertThat(outcomes).containsExactly("sent 1");
        assertThat(producers).hasSize(1);
        assertThat(sentTo("captures")).hasSize(1);
    }

    @Test
    void doesNotSendAgainWhatWasCommittedAfterAll() {
        log.append(0, letters(1, record(utf8("k"), utf8("X"))));
        log.append(0, letters(2, record(utf8("k"), utf8("Y"))));
        commitsBeforeItFails = true;
        commitFailures.add(new KafkaException("gone"));

        redrive();

        assertThat(outcomes).containsExactly("sent 1", "sent 2");
        assertThat(producers).hasSize(2);
        assertThat(sentTo("captures")).hasSize(2);
    }

    @Test
    void sendsAgainWhatWasNotCommitted() {
        log.append(0, letters(1, record(utf8("k"), utf8("X"))));
        commitFailures.add(new KafkaException("gone"));

        redrive();

        assertThat(outcomes).containsExactly("sent 1");
        assertThat(producers).hasSize(2);
        assertThat(sentTo("captures")).hasSize(1);
    }

    @Test
    void givesUpWhenNothingGetsOn() {
        log.append(0, letters(1, record(utf8("k"), utf8("X"))));
        for (int i = 0; i < 100; i++) {
            commitFailures.add(new KafkaException("gone"));
        }

        assertThatThrownBy(this::redrive).hasMessage("gone");

        assertThat(outcomes).isEmpty();
        assertThat(sentTo("captures")).isEmpty();
    }

    @Test
    void endsWhenAnotherHasBegun() {
        log.append(0, letters(1, record(utf8("k"), utf8("X"))));
        commitFailures.add(new KafkaException("in error", new ProducerFencedException("fenced")));

        assertThatThrownBy(this::redrive).isInstanceOf(RedriveTakenOverException.class);

        assertThat(producers).hasSize(1);
        assertThat(sentTo("captures")).isEmpty();
    }

    @Test
    void leavesOutWhatBrokersRefuseAndSendsTheRest() {
        log.append(0, letters(1, record(utf8("k"), utf8("X"))));
        log.append(0, letters(2, record(utf8("k"), utf8("too large"))));
        log.append(0, letters(3, record(utf8("k"), utf8("Y"))));

        redrive();

        assertThat(outcomes)
                .containsExactly("failed 2: the brokers refuse its record: it is too large", "sent 1", "sent 3");
        assertThat(sentTo("captures")).hasSize(2);
        assertThat(waiting())
                .extracting(letter -> letter.source().id().offset())
                .containsExactly(2L);
    }

    @Test
    void finishesWhatIsOnItsWayWhenItIsStopped() {
        for (int i = 0; i < 150; i++) {
            log.append(0, letters(i, record(utf8("k"), utf8("X"))));
        }
        enough = 1;

        redrive();

        assertThat(outcomes).hasSize(101).allMatch(outcome -> outcome.startsWith("sent"));
        assertThat(waiting()).hasSize(49);
    }

    @Test
    void saysWhatItCannotSend() {
        log.append(0, letters(1, record(bytes(2_000_000), utf8("X"))));
        log.append(0, letters(2, record(utf8("k"), bytes(2_000_000))).subList(0, 1));
        partitionsOfTarget = 0;
        log.append(0, letters(3, record(utf8("k"), utf8("X"))));

        redrive();
        partitionsOfTarget = 1;
        redrive();

        assertThat(outcomes)
                .hasSize(6)
                .contains("failed 3: topic captures is not there any more; name another with --to-topic", "sent 3")
                .anyMatch(outcome -> outcome.startsWith("failed 1: its record's key or headers did not all fit"))
                .anyMatch(outcome -> outcome.contains("some of its chunks are missing"));
    }

    private void redrive() {
        DeadLetterReader reader = new DeadLetterReader(log, Letters.TOPIC, Duration.ofSeconds(5));
        new Redrive(
                        Letters.TOPIC,
                        reader,
                        () -> {
                            ScriptedProducer producer = new ScriptedProducer();
                            producers.add(producer);
                            return producer;
                        },
                        letter -> partitionsOfTarget == 0
                                ? Optional.empty()
                                : Optional.of(new RedriveTarget("captures", partitionsOfTarget)),
                        this)
                .run(DeadLetterIndex::letters);
    }

    private List<StoredDeadLetter> waiting() {
        return new DeadLetterReader(log, Letters.TOPIC, Duration.ofSeconds(5))
                .scan(Optional.empty()).letters().stream()
                        .filter(letter -> letter.state() == StoredDeadLetter.State.WAITING)
                        .toList();
    }

    private List<ProducerRecord<byte[], byte[]>> sentTo(String topic) {
        return producers.stream()
                .flatMap(producer -> producer.history().stream())
                .filter(record -> record.topic().equals(topic))
                .toList();
    }

    @Override
    public boolean wantsMore() {
        return outcomes.size() < enough;
    }

    @Override
    public void sent(StoredDeadLetter letter) {
        outcomes.add("sent " + letter.source().id().offset());
    }

    @Override
    public void failed(StoredDeadLetter letter, String why) {
        outcomes.add("failed " + letter.source().id().offset() + ": " + why);
    }

    private static List<ProducerRecord<byte[], byte[]>> letters(long offset, SourceRecord record) {
        return DeadLetterFormat.records(letter(offset, record), Letters.TOPIC);
    }

    /** Its committed markers appear on the topic; its commits fail as scripted. */
    private final class ScriptedProducer extends MockProducer<byte[], byte[]> {
        private boolean refused;

        ScriptedProducer() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
            if (refused) {
                throw new KafkaException("in error");
            }
            if (record.value() != null && new String(record.value(), StandardCharsets.UTF_8).equals("too large")) {
                refused = true;
                return CompletableFuture.failedFuture(new RecordTooLargeException("it is too large"));
            }
            return super.send(record);
        }

        @Override
        public void abortTransaction() {
            refused = false;
            super.abortTransaction();
        }

        @Override
        public void commitTransaction() {
            RuntimeException failure = commitFailures.poll();
            if (failure == null || commitsBeforeItFails) {
                int before = history().size();
                super.commitTransaction();
                List<ProducerRecord<byte[], byte[]>> committed =
                        history().subList(before, history().size());
                committed.stream()
                        .filter(record -> record.topic().equals(Letters.TOPIC))
                        .forEach(marker -> log.append(marker.partition(), List.of(marker)));
            }
            if (failure != null) {
                throw failure;
            }
        }
    }
}
