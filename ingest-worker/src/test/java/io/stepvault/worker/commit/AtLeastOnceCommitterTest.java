package io.stepvault.worker.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.worker.ManualThread;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class AtLeastOnceCommitterTest {
    private static final TopicPartition P0 = new TopicPartition("step-captures", 0);

    private final ManualThread thread = new ManualThread();
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final AtLeastOnceCommitter committer =
            new AtLeastOnceCommitter(producer, consumer, Units.RECORDS, thread, Duration.ofSeconds(1));
    private final List<CommitOutcome> outcomes = new ArrayList<>();

    AtLeastOnceCommitterTest() {
        consumer.assign(List.of(P0));
    }

    private long committed() {
        var offset = consumer.committed(Set.of(P0)).get(P0);
        return offset == null ? -1 : offset.offset();
    }

    @Test
    void commitsOffsetsOnlyOnceEveryCompletionIsAcknowledged() throws Exception {
        committer.commit(
                new CommitUnit(
                        List.of(Units.completion("s1"), Units.completion("s2")),
                        List.of(),
                        Map.of(P0, new OffsetAndMetadata(5L))),
                outcomes::add);
        producer.completeNext();
        thread.runAll();
        assertThat(committed()).isEqualTo(-1);

        producer.completeNext();
        assertThat(committed())
                .as("offsets are committed on the pipeline's thread")
                .isEqualTo(-1);
        thread.runAll();

        assertThat(committed()).isEqualTo(5);
        assertThat(outcomes).containsExactly(new CommitOutcome.Committed());
        assertThat(producer.history()).hasSize(2);
        assertThat(producer.history().get(0).key()).asString().isEqualTo("s1");
        assertThat(SingleObjectCodec.completions()
                        .decode(producer.history().get(0).value()))
                .isEqualTo(Units.completion("s1"));
    }

    @Test
    void commitsNoOffsetWhenACompletionIsRefused() {
        committer.commit(
                new CommitUnit(List.of(Units.completion("s1")), List.of(), Map.of(P0, new OffsetAndMetadata(5L))),
                outcomes::add);
        producer.errorNext(new KafkaException("not enough replicas"));
        thread.runAll();

        assertThat(committed()).isEqualTo(-1);
        assertThat(outcomes)
                .containsExactly(new CommitOutcome.Failed(
                        "publishing fails: topic step-captures.completed: not enough replicas"));
    }

    @Test
    void saysSoWhenTheProducerThrows() {
        producer.sendException = new KafkaException("topic is not there");
        committer.commit(
                new CommitUnit(List.of(Units.completion("s1")), List.of(), Map.of(P0, new OffsetAndMetadata(5L))),
                outcomes::add);
        thread.runAll();

        assertThat(outcomes).singleElement().isInstanceOf(CommitOutcome.Failed.class);
    }

    @Test
    void deadLettersArePublishedToo() {
        committer.commit(
                new CommitUnit(
                        List.of(Units.completion("s1")),
                        List.of(Units.deadLetter(7, 2), Units.deadLetter(8, 1)),
                        Map.of(P0, new OffsetAndMetadata(9L))),
                outcomes::add);
        producer.flush();
        thread.runAll();

        assertThat(producer.history())
                .extracting(sent -> new String(sent.key(), StandardCharsets.UTF_8))
                .containsExactlyInAnyOrder("7/0", "7/1", "8/0", "s1");
        assertThat(committed()).isEqualTo(9);
    }

    @Test
    void skippedRecordsNeedNoCompletion() {
        committer.commit(new CommitUnit(List.of(), List.of(), Map.of(P0, new OffsetAndMetadata(5L))), outcomes::add);

        assertThat(committed()).isEqualTo(5);
        assertThat(outcomes).containsExactly(new CommitOutcome.Committed());
    }
}
