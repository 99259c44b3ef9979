package io.stepvault.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stepvault.worker.commit.CommitMetadata;
import io.stepvault.worker.flow.OffsetRuns;
import io.stepvault.worker.metrics.WorkerMetrics;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where partitions are read from. */
class AssignerTest {
    private static final String TOPIC = "step-captures";
    private static final String TOPIC_ID = "AAAAAAAAAAAAAAAAAAAAKg";
    private static final TopicPartition P0 = new TopicPartition(TOPIC, 0);
    private static final long BEGINNING = 3;

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final RecordingPipeline pipeline = new RecordingPipeline();
    private final Mailbox mailbox = new BlockingMailbox(Clock.systemUTC());
    private final Assigner assigner = new Assigner(
            new ConsumerSettings(TOPIC, Duration.ofSeconds(5), Duration.ofSeconds(5)),
            consumer,
            topic -> new TopicDirectory.Lookup.Found(TOPIC_ID, "cluster"),
            pipeline,
            mailbox,
            new ConsumerHealth(Clock.systemUTC(), new WorkerMetrics(new SimpleMeterRegistry())));

    @BeforeEach
    void join() {
        consumer.subscribe(List.of(TOPIC), assigner);
        consumer.updateBeginningOffsets(Map.of(P0, BEGINNING));
    }

    private void assign(OffsetAndMetadata committed) {
        consumer.rebalance(Set.of(P0));
        consumer.commitSync(Map.of(P0, committed));
        assigner.announce();
    }

    private static OffsetAndMetadata offset(long offset, String topicId) {
        return new OffsetAndMetadata(
                offset, CommitMetadata.encode(topicId, offset, OffsetRuns.NONE).orElseThrow());
    }

    @Test
    void goesOnFromTheCommittedOffset() {
        assign(offset(50, TOPIC_ID));

        assertThat(consumer.position(P0)).isEqualTo(50);
        assertThat(pipeline.committed).containsExactly(Map.entry(P0, offset(50, TOPIC_ID)));
    }

    @Test
    void goesOnFromAnOffsetThatDoesNotNameItsTopic() {
        assign(new OffsetAndMetadata(50));

        assertThat(consumer.position(P0)).isEqualTo(50);
    }

    @Test
    void anOffsetOfADeletedTopicOfTheSameNameDoesNotHold() {
        assign(offset(50, Uuid.ONE_UUID.toString()));

        assertThat(consumer.position(P0)).isEqualTo(BEGINNING);
        assertThat(pipeline.events).containsExactly("assigned " + P0);
        assertThat(pipeline.committed).isEmpty();
    }

    @Test
    void anOffsetPastTheEndDoesNotHoldWhenThePartitionIsBegunAgain() {
        assign(offset(50, TOPIC_ID));

        assigner.startAgain(Map.of(P0, 50L));
        assigner.announce();

        assertThat(consumer.position(P0)).isEqualTo(BEGINNING);
        assertThat(pipeline.events).containsExactly("assigned " + P0, "left " + P0, "assigned " + P0);
        assertThat(pipeline.committed).isEmpty();
    }

    @Test
    void anOffsetThatWasCommittedSinceHoldsWhenThePartitionComesBack() {
        assign(offset(50, TOPIC_ID));
        assigner.startAgain(Map.of(P0, 50L));
        assigner.announce();

        consumer.rebalance(Set.of());
        assign(offset(7, TOPIC_ID));

        assertThat(consumer.position(P0)).isEqualTo(7);
        assertThat(pipeline.committed).containsExactly(Map.entry(P0, offset(7, TOPIC_ID)));
    }

    @Test
    void aPartitionDoesNotGoWhileItsOffsetsAreBeingCommitted() {
        assign(offset(50, TOPIC_ID));
        pipeline.committing = true;
        CompletableFuture<Void> committing = CompletableFuture.runAsync(() -> mailbox.execute(() -> {
            pipeline.events.add("committed");
            pipeline.committing = false;
        }));

        assigner.onPartitionsRevoked(Set.of(P0));

        committing.join();
        assertThat(pipeline.events).containsSubsequence("committed", "left " + P0);
    }
}
