package io.stepvault.worker;

import static io.stepvault.worker.Captures.aStep;
import static io.stepvault.worker.Captures.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stepvault.event.BatchStored;
import io.stepvault.event.CompletedStep;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.worker.commit.CommitMetadata;
import io.stepvault.worker.flow.OffsetRuns;
import io.stepvault.worker.store.StoreHealth;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class PipelineTest {
    private static final TopicPartition P0 = new TopicPartition("step-captures", 0);
    private static final TopicPartition P1 = new TopicPartition("step-captures", 1);

    private final PipelineHarness harness = new PipelineHarness();
    private final ManualThread thread = harness.thread;
    private final ScriptedWriter store = harness.store;
    private final ScriptedCommitter committer = harness.committer;
    private final SimpleMeterRegistry registry = harness.registry;
    private final StoreHealth storeHealth = harness.storeHealth;
    private final Pipeline pipeline = harness.pipeline;

    private void consume(TopicPartition partition, long offset, String session, String step) {
        harness.consume(partition, offset, session, step);
    }

    private void pass(Duration duration) {
        harness.pass(duration);
    }

    private void tick() {
        harness.tick();
    }

    @Test
    void storesThenCompletesThenCommits() {
        harness.assign(P0);
        consume(P0, 7, "s1", "a");
        consume(P0, 8, "s1", "b");
        consume(P0, 9, "s1", "c");
        assertThat(committer.isPending()).as("durable before done").isFalse();

        store.succeed();
        thread.runAll();
        tick();

        assertThat(committer.pendingOffsets()).containsExactly(Map.entry(P0, 10L));
        assertThat(committer.pending().completions()).singleElement().satisfies(completion -> {
            assertThat(completion.getSessionId()).isEqualTo("s1");
            assertThat(completion.getSource().getTopicId()).isEqualTo(PipelineHarness.TOPIC.topicId());
            assertThat(completion.getSource().getFirstOffset()).isEqualTo(7);
            assertThat(completion.getSource().getLastOffset()).isEqualTo(9);
            assertThat(completion.getSteps())
                    .extracting(CompletedStep::getStepId)
                    .containsExactly("a", "b", "c");
        });
    }

    @Test
    void whatBelongsToADeletedSessionIsSettledWithoutACompletion() {
        harness.assign(P0);
        consume(P0, 0, "gone", "a");
        consume(P0, 1, "gone", "b");
        consume(P0, 2, "gone", "c");
        store.deletedSessions.add("gone");

        store.succeed();
        thread.runAll();
        tick();

        assertThat(committer.pendingOffsets()).containsExactly(Map.entry(P0, 3L));
        assertThat(committer.pending().completions()).isEmpty();
        assertThat(committer.pending().deadLetters()).isEmpty();
        committer.succeed();
        pass(Duration.ofSeconds(5));
        assertThat(committer.isPending()).as("settled once").isFalse();
        assertThat(harness.counted("stepvault.steps.session.deleted")).isEqualTo(3);
        assertThat(harness.counted("stepvault.steps.stored")).isZero();
        assertThat(registry.get("stepvault.memory.used.bytes").gauge().value()).isZero();
    }

    @Test
    void aBatchWhoseSessionIsDeletedMidwayCompletesWhatWasStored() {
        harness.assign(P0);
        consume(P0, 0, "s1", "a");
        consume(P0, 1, "s1", "b");
        consume(P0, 2, "s1", "c");

        store.answer(step ->
                step.capture().getStepId().equals("b") ? Optional.of(PipelineHarness.unavailable()) : Optional.empty());
        store.deletedSessions.add("s1");
        pass(Duration.ofSeconds(31));
        while (store.pendingProbes() > 0) {
            store.answerProbe(Optional.empty());
            thread.runAll();
        }
        pass(Duration.ofSeconds(31));
        store.succeed();
        thread.runAll();
        tick();

        assertThat(committer.pendingOffsets()).containsExactly(Map.entry(P0, 3L));
        assertThat(committer.pending().completions())
                .singleElement()
                .satisfies(completion -> assertThat(completion.getSteps())
                        .extracting(CompletedStep::getStepId)
                        .containsExactly("a", "c"));
    }

    @Test
    void aDeletedSessionHoldsUpNoCompletionBehindIt() {
        harness.assign(P0);
        for (int offset = 0; offset < 6; offset++) {
            consume(P0, offset, "s1", "step-" + offset);
        }
        store.overtake();

        store.succeed(); // the second batch
        store.deletedSessions.add("s1");
        store.succeed(); // the first
        thread.runAll();
        tick();

        assertThat(committer.pendingOffsets()).containsExactly(Map.entry(P0, 6L));
        assertThat(committer.pending().completions())
                .extracting(completion -> completion.getSource().getFirstOffset())
                .containsExactly(3L);
    }

    @Test
    void nothingIsCommittedPastABatchThatIsNotStored() {
        harness.assign(P0);
        consume(P0, 0, "slow", "a");
        consume(P0, 1, "fast", "a");
        pass(Duration.ofSeconds(5));
        store.overtake();

        store.succeed();
        tick();

        assertThat(committer.pending().completions())
                .extracting(BatchStored::getSessionId)
                .containsExactly("fast");
        assertThat(committer.pendingOffsets()).containsExactly(Map.entry(P0, 0L));
        assertThat(committer.pending().offsets())
                .hasEntrySatisfying(
                        P0,
                        position -> assertThat(position.metadata())
                                .as("says that offset 1 is settled")
                                .isNotEmpty());
    }

    @Test
    void completionsOfASessionLeaveInTheOrderOfTheirOffsets() {
        harness.assign(P0);
        for (int offset = 0; offset < 6; offset++) {
            consume(P0, offset, "s1", "step-" + offset);
        }
        store.overtake();

        store.succeed(); // the second batch
        tick();
        assertThat(committer.isPending()).isFalse();
        store.succeed(); // the first
        tick();

        assertThat(committer.pending().completions())
                .extracting(completion -> completion.getSource().getFirstOffset())
                .containsExactly(0L, 3L);
    }

    @Test
    void onlyWhatFailedIsTriedAgainAfterBackingOff() {
        harness.assign(P0);
        consume(P0, 0, "s1", "a");
        consume(P0, 1, "s1", "b");
        consume(P0, 2, "s1", "c");

        store.answer(step ->
                step.capture().getStepId().equals("b") ? Optional.of(PipelineHarness.unavailable()) : Optional.empty());
        thread.runAll();
        pass(Duration.ofMillis(999));
        assertThat(store.pendingCalls()).isZero();
        pass(Duration.ofMillis(1));

        assertThat(store.nextCall()).containsExactly("b");
        store.succeed();
        thread.runAll();
        tick();
        assertThat(committer.pendingOffsets()).containsExactly(Map.entry(P0, 3L));
    }

    @Test
    void anOutageOpensTheBreakerAndAProbeClosesIt() {
        harness.assign(P0);
        for (int session = 0; session < 4; session++) {
            consume(P0, session, "s" + session, "a");
        }
        pass(Duration.ofSeconds(5));
        store.answerProbe(Optional.of(PipelineHarness.unavailable()));
        for (int session = 0; session < 4; session++) {
            store.answer(step -> Optional.of(PipelineHarness.unavailable()));
        }
        thread.runAll();
        assertThat(storeHealth.trouble())
                .get()
                .extracting(StoreHealth.Trouble::operatorMustAct)
                .isEqualTo(false);

        pass(Duration.ofSeconds(4));
        assertThat(store.pendingCalls()).as("the breaker is open").isZero();
        pass(Duration.ofSeconds(1));
        store.answerProbe(Optional.empty());
        thread.runAll();
        tick();

        assertThat(storeHealth.trouble()).isEmpty();
        assertThat(store.pendingCalls()).as("one batch is let through on trial").isEqualTo(1);
        while (store.pendingCalls() > 0) {
            store.succeed();
            thread.runAll();
        }
        tick();
        assertThat(committer.pendingOffsets()).containsExactly(Map.entry(P0, 4L));
    }

    @Test
    void aMissingPermissionIsHeldAndAsksForAnOperator() {
        harness.assign(P0);
        tick();

        store.answerProbe(Optional.of(
                new StoreAccessException("s3://bucket", "", "the store refuses access; grant s3:PutObject", null)));
        thread.runAll();

        assertThat(storeHealth.trouble()).get().satisfies(trouble -> {
            assertThat(trouble.operatorMustAct()).isTrue();
            assertThat(trouble.why()).contains("grant s3:PutObject");
        });
    }

    @Test
    void memoryPausesReadingUntilTheStoreHasTakenEnough() {
        PipelineHarness small = new PipelineHarness(20_000);
        small.assign(P0);
        StepCapture large =
                aStep("s1", "a").setAction("\"" + "x".repeat(30_000) + "\"").build();
        small.pipeline.record(record(P0, 0, large));
        assertThat(small.mayRead(P0)).isFalse();

        small.tick();
        assertThat(small.store.pendingCalls())
                .as("the open batch is flushed to make room")
                .isEqualTo(1);
        small.store.succeed();
        small.tick();

        assertThat(small.mayRead(P0)).isTrue();
    }

    @Test
    void recordsThatCanNeverBeStoredAreCountedAndPassed() {
        harness.assign(P0);
        pipeline.record(record(P0, 0, new byte[0], new byte[] {1, 2, 3}));
        pipeline.record(record(P0, 1, aStep("", "a").build()));
        pipeline.record(record(P0, 2, aStep("s1", "a").setAction("{").build()));

        tick();

        assertThat(committer.pendingOffsets()).containsExactly(Map.entry(P0, 3L));
        assertThat(committer.pending().deadLetters()).hasSize(3);
        committer.succeed();
        assertThat(registry.get("stepvault.dead.letters")
                        .tag("reason", "undecodable")
                        .counter()
                        .count())
                .isOne();
        assertThat(registry.get("stepvault.dead.letters")
                        .tag("reason", "invalid-session-id")
                        .counter()
                        .count())
                .isOne();
        assertThat(registry.get("stepvault.dead.letters")
                        .tag("reason", "invalid-action")
                        .counter()
                        .count())
                .isOne();
    }

    @Test
    void aRecordWithADifferingKeyIsStoredAndCounted() {
        harness.assign(P0);
        byte[] value =
                record(P0, 0, aStep("s1", "a").setEndOfSession(true).build()).value();
        pipeline.record(record(P0, 0, null, value));

        store.succeed();

        assertThat(store.stored).hasSize(1);
        assertThat(registry.get("stepvault.records.key.differing").counter().count())
                .isOne();
    }

    @Test
    void leavingPartitionsAreFlushedCompletedAndCommittedAtOnce() {
        harness.assign(P0, P1);
        consume(P0, 0, "s1", "a");
        consume(P1, 0, "s2", "a");

        pipeline.leaving(Set.of(P0));
        assertThat(pipeline.isDrained(Set.of(P0))).isFalse();
        store.succeed();
        tick();
        committer.succeed();

        assertThat(pipeline.isDrained(Set.of(P0))).isTrue();
        assertThat(committer.committed()).containsExactly(Map.entry(P0, 1L));
        assertThat(pipeline.isDrained(Set.of(P1))).isFalse();
    }

    @Test
    void whatComesBackForALostPartitionIsDiscarded() {
        harness.assign(P0);
        consume(P0, 0, "s1", "a");
        pass(Duration.ofSeconds(5));

        pipeline.left(Set.of(P0)); // lost, and assigned again: another epoch
        harness.assign(P0);
        store.succeed();
        thread.runAll();
        pass(Duration.ofSeconds(1));

        assertThat(committer.isPending()).isFalse();
        assertThat(harness.mayRead(P0)).isTrue();
        assertThat(registry.get("stepvault.memory.used.bytes").gauge().value()).isZero();
    }

    @Test
    void offsetsOfADeletedTopicOfTheSameNameDoNotTellThatACommitHasSucceeded() {
        harness.assign(P0);
        consume(P0, 0, "s1", "a");
        consume(P0, 1, "s1", "b");
        consume(P0, 2, "s1", "c");
        store.succeed();
        thread.runAll();
        tick();
        String ofOther = CommitMetadata.encode(Uuid.ONE_UUID.toString(), 7, OffsetRuns.NONE)
                .orElseThrow();
        committer.positions.put(P0, new OffsetAndMetadata(7, ofOther));

        committer.recover(false);
        pass(Duration.ofSeconds(1));

        assertThat(committer.pendingOffsets()).containsExactly(Map.entry(P0, 3L));
        assertThat(committer.pending().completions()).hasSize(1);
    }

    @Test
    void aFailedCommitIsTriedAgainWithoutWhatBelongsToALostPartition() {
        harness.assign(P0, P1);
        pipeline.record(record(P0, 0, aStep("s1", "a").setEndOfSession(true).build()));
        pipeline.record(record(P1, 0, aStep("s2", "a").setEndOfSession(true).build()));
        store.succeed();
        store.succeed();
        thread.runAll();
        tick();
        committer.failAfterPublishing();

        pipeline.left(Set.of(P1));
        pass(Duration.ofMillis(500));

        assertThat(committer.pendingOffsets()).containsExactly(Map.entry(P0, 1L));
        assertThat(committer.pending().completions())
                .extracting(BatchStored::getSessionId)
                .containsExactly("s1");
    }
}
