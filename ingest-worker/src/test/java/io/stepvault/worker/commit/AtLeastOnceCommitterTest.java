package io.stepvault.worker.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.event.BatchSource;
import io.stepvault.event.BatchStored;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.worker.ManualThread;
import java.time.Duration;
import java.time.Instant;
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
            new AtLeastOnceCommitter(producer, consumer, "step-captures.completed", thread, Duration.ofSeconds(1));
    private final List<CommitOutcome> outcomes = new ArrayList<>();

    AtLeastOnceCommitterTest() {
        consumer.assign(List.of(P0));
    }

    private static BatchStored completion(String session) {
        return BatchStored.newBuilder()
                .setCompletionId("0123456789abcdef0123456789abcdef")
                .setSessionId(session)
                .setSource(new BatchSource("step-captures", "topic-id", 0, 0L, 4L))
                .setStoredAt(Instant.parse("2026-11-20T08:00:00Z"))
                .build();
    }

    private long committed() {
        var offset = consumer.committed(Set.of(P0)).get(P0);
        return offset == null ? -1 : offset.offset();
    }

    @Test
    void commitsOffsetsOnlyOnceEveryCompletionIsAcknowledged() throws Exception {
        committer.commit(
                new CommitUnit(
                        List.of(completion("s1"), completion("s2")), List.of(), Map.of(P0, new OffsetAndMetadata(5L))),
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
                .isEqualTo(completion("s1"));
    }

    @Test
    void commitsNoOffsetWhenACompletionIsRefused() {
        committer.commit(
                new CommitUnit(List.of(completion("s1")), List.of(), Map.of(P0, new OffsetAndMetadata(5L))),
                outcomes::add);
        producer.errorNext(new KafkaException("not enough replicas"));
        thread.runAll();

        assertThat(committed()).isEqualTo(-1);
        assertThat(outcomes)
                .containsExactly(new CommitOutcome.Failed(
                        "publishing completions to step-captures.completed fails: not enough replicas"));
    }

    @Test
    void saysSoWhenTheProducerThrows() {
        producer.sendException = new KafkaException("topic is not there");
        committer.commit(
                new CommitUnit(List.of(completion("s1")), List.of(), Map.of(P0, new OffsetAndMetadata(5L))),
                outcomes::add);
        thread.runAll();

        assertThat(outcomes).singleElement().isInstanceOf(CommitOutcome.Failed.class);
    }

    @Test
    void skippedRecordsNeedNoCompletion() {
        committer.commit(new CommitUnit(List.of(), List.of(), Map.of(P0, new OffsetAndMetadata(5L))), outcomes::add);

        assertThat(committed()).isEqualTo(5);
        assertThat(outcomes).containsExactly(new CommitOutcome.Committed());
    }
}
