package io.stepvault.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stepvault.worker.Captures;
import io.stepvault.worker.metrics.WorkerMetrics;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConsumerLoopTest {
    private static final String TOPIC = "step-captures";
    private static final TopicPartition P0 = new TopicPartition(TOPIC, 0);

    private final AnsweredConsumer consumer = new AnsweredConsumer();
    private final RecordingPipeline pipeline = new RecordingPipeline();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ConsumerHealth health = new ConsumerHealth(Clock.systemUTC(), new WorkerMetrics(registry));
    private final Mailbox mailbox = new BlockingMailbox(Clock.systemUTC());
    private volatile TopicDirectory.Lookup lookup =
            new TopicDirectory.Lookup.Found("AAAAAAAAAAAAAAAAAAAAKg", "cluster");
    private final ConsumerSettings settings = new ConsumerSettings(TOPIC, Duration.ofSeconds(5), Duration.ofSeconds(5));
    private final Assigner assigner = new Assigner(settings, consumer, topic -> lookup, pipeline, mailbox, health);
    private final ConsumerLoop loop = new ConsumerLoop(settings, consumer, pipeline, assigner, mailbox, health);
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private void start() {
        Thread thread = new Thread(() -> {
            try {
                loop.run();
                ended.complete(null);
            } catch (RuntimeException | Error e) {
                ended.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void assign(long beginning, long position) {
        consumer.schedulePollTask(() -> {
            consumer.rebalance(Set.of(P0));
            consumer.updateBeginningOffsets(Map.of(P0, beginning));
            consumer.updateEndOffsets(Map.of(P0, beginning + 100));
            if (position >= 0) {
                consumer.seek(P0, position);
            }
        });
    }

    private void deliver(long offset) {
        consumer.schedulePollTask(() -> consumer.addRecord(
                Captures.record(P0, offset, Captures.aStep("s1", "a").build())));
    }

    @AfterEach
    void stop() {
        loop.stop();
        await().until(() -> ended.isDone());
    }

    @Test
    void readsRecordsOfPartitionsOnceTheirTopicIsKnown() {
        assign(0, 0);
        deliver(0);
        start();

        await().untilAsserted(() -> assertThat(pipeline.events).containsSubsequence("assigned " + P0, "record 0"));
        await().untilAsserted(() -> assertThat(health.trouble()).isEmpty());
    }

    @Test
    void waitsForATopicThatIsNotThereAndSaysWhy() {
        lookup = new TopicDirectory.Lookup.NotYet("topic step-captures does not exist");
        start();
        await().untilAsserted(() -> assertThat(health.trouble()).contains("topic step-captures does not exist"));

        lookup = new TopicDirectory.Lookup.Found("AAAAAAAAAAAAAAAAAAAAKg", "cluster");
        assign(0, 0);

        await().untilAsserted(() -> assertThat(health.trouble()).isEmpty());
    }

    @Test
    void refusesATopicThatMustNotBeConsumed() {
        lookup = new TopicDirectory.Lookup.Refused("topic step-captures has cleanup.policy=compact");
        start();

        assertThatThrownBy(ended::join)
                .hasCauseInstanceOf(TopicRefusedException.class)
                .hasMessageContaining("cleanup.policy=compact");
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void aGroupWithoutCommittedOffsetsStartsAtTheEarliest() {
        assign(40, -1);
        deliver(40);
        start();

        await().untilAsserted(() -> assertThat(pipeline.events).contains("record 40"));
    }

    @Test
    void countsWhatRetentionHasRemovedAndReadsOn() {
        assign(40, 30);
        deliver(40);
        start();

        await().untilAsserted(() -> assertThat(pipeline.events).contains("record 40"));
        assertThat(registry.get("stepvault.offsets.lost").counter().count()).isEqualTo(10);
    }

    @Test
    void holdsPartitionsBackWhileMemoryIsFullAndKeepsPolling() {
        pipeline.full = true;
        assign(0, 0);
        deliver(0);
        start();
        await().until(() -> pipeline.ticks.get() > 5);
        assertThat(pipeline.events).doesNotContain("record 0");

        pipeline.full = false;

        await().untilAsserted(() -> assertThat(pipeline.events).contains("record 0"));
    }

    @Test
    void drainsRevokedPartitionsBeforeTheyLeave() {
        assign(0, 0);
        start();
        await().until(() -> pipeline.events.contains("assigned " + P0));
        pipeline.drained = false;

        consumer.schedulePollTask(() -> consumer.rebalance(Collections.emptySet()));
        await().until(() -> pipeline.events.contains("leaving " + P0));
        assertThat(pipeline.events).doesNotContain("left " + P0);
        pipeline.drained = true;

        await().until(() -> pipeline.events.contains("left " + P0));
    }

    @Test
    void touchesNoPartitionThatItHasLostAlthoughTheConsumerStillNamesIt() {
        assign(0, 0);
        consumer.schedulePollTask(() -> consumer.updateEndOffsets(Map.of(P0, 0L)));
        start();
        await().until(() -> pipeline.events.contains("at end " + P0));

        // With group.protocol=consumer another thread ends the assignment, some time after the callback. From then on
        // the consumer throws when it is asked for such a partition.
        consumer.schedulePollTask(() -> {
            assigner.onPartitionsLost(Set.of(P0));
            pipeline.events.clear();
        });
        int ticks = pipeline.ticks.get();
        await().until(() -> pipeline.ticks.get() > ticks + 5);

        assertThat(consumer.assignment()).contains(P0);
        assertThat(pipeline.events).isEmpty();
    }

    @Test
    void dropsRecordsThatComeWithTheNewsThatTheirPartitionIsLost() {
        assign(0, 0);
        start();
        await().until(() -> pipeline.events.contains("assigned " + P0));

        consumer.schedulePollTask(() -> {
            assigner.onPartitionsLost(Set.of(P0));
            consumer.addRecord(Captures.record(P0, 0, Captures.aStep("s1", "a").build()));
        });
        await().until(() -> consumer.position(P0) == 1);
        int ticks = pipeline.ticks.get();
        await().until(() -> pipeline.ticks.get() > ticks);

        assertThat(pipeline.events).doesNotContain("record 0");
    }

    @Test
    void goesBackWhereThePipelineAsks() {
        assign(0, 0);
        deliver(0);
        deliver(1);
        start();
        await().until(() -> pipeline.events.contains("record 1"));

        pipeline.rewinds.add(Map.of(P0, 0L));
        await().until(() -> consumer.position(P0) == 0);
    }

    @Test
    void dropsRecordsThatComeWithTheWishToGoBackBehindThem() {
        assign(0, 0);
        deliver(0);
        deliver(1);
        start();
        await().until(() -> pipeline.events.contains("record 1"));

        // A rebalance callback lets the pipeline go on in the midst of a poll, which returns what it had fetched
        // before.
        consumer.schedulePollTask(() -> {
            pipeline.rewinds.add(Map.of(P0, 0L));
            consumer.addRecord(Captures.record(P0, 2, Captures.aStep("s1", "a").build()));
        });
        await().until(() -> consumer.position(P0) == 0);
        deliver(0);
        await().until(() -> consumer.position(P0) == 1);
        int ticks = pipeline.ticks.get();
        await().until(() -> pipeline.ticks.get() > ticks);

        assertThat(pipeline.events)
                .filteredOn(event -> event.startsWith("record"))
                .containsExactly("record 0", "record 1", "record 0");
    }

    @Test
    void timeInWhichNoBrokerAnswersIsNotSpentAtTheEndOfAPartition() {
        assign(0, 0);
        consumer.schedulePollTask(() -> consumer.updateEndOffsets(Map.of(P0, 0L)));
        start();
        await().until(() -> pipeline.events.contains("at end " + P0));

        consumer.schedulePollTask(() -> {
            consumer.brokersAnswer = false;
            pipeline.events.clear();
        });
        await().until(() -> !consumer.brokersAnswer);
        int ticks = pipeline.ticks.get();
        await().until(() -> pipeline.ticks.get() > ticks + 5);
        assertThat(pipeline.events).isEmpty();

        consumer.brokersAnswer = true;
        await().until(() -> pipeline.events.contains("at end " + P0));
    }

    @Test
    void beginsATopicThatWasCreatedAgainOnceAndNotOverAndOver() {
        assign(0, 0);
        consumer.schedulePollTask(() -> {
            consumer.commitSync(Map.of(P0, new OffsetAndMetadata(50)));
            consumer.setPollException(new OffsetOutOfRangeException(Map.of(P0, 50L)));
        });
        deliver(0);
        start();

        await().until(() -> pipeline.events.contains("record 0"));
        assertThat(pipeline.events).containsSubsequence("left " + P0, "assigned " + P0, "record 0");
        assertThat(pipeline.committed).doesNotContainKey(P0);
    }

    static List<KafkaException> sameInstanceId() {
        return List.of(new FencedInstanceIdException("fenced"), new UnreleasedInstanceIdException("unreleased"));
    }

    @ParameterizedTest
    @MethodSource("sameInstanceId")
    void endsWhenAnotherWorkerHasItsInstanceId(KafkaException fromPoll) {
        assign(0, 0);
        consumer.schedulePollTask(() -> consumer.setPollException(fromPoll));
        start();

        assertThatThrownBy(ended::join)
                .hasCauseInstanceOf(InstanceIdTakenException.class)
                .hasMessageContaining("another worker uses the same kafka.consumer.group.instance.id")
                .hasMessageContaining("give each worker an id of its own");
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void drainsEverythingWhenItIsStopped() {
        assign(0, 0);
        start();
        await().until(() -> pipeline.events.contains("assigned " + P0));

        loop.stop();
        ended.join();

        assertThat(pipeline.events).containsSubsequence("leaving " + P0, "left " + P0);
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void aFailingPollIsSaidAndTriedAgain() {
        assign(0, 0);
        consumer.schedulePollTask(() -> consumer.setPollException(new KafkaException("the brokers are gone")));
        start();
        await().untilAsserted(() -> assertThat(health.trouble())
                .hasValueSatisfying(why -> assertThat(why).contains("the brokers are gone")));

        deliver(0);

        await().untilAsserted(() -> assertThat(pipeline.events).contains("record 0"));
        await().untilAsserted(() -> assertThat(health.trouble()).isEmpty());
    }
}
