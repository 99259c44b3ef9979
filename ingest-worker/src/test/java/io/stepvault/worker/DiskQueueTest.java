package io.stepvault.worker;

import static io.stepvault.worker.Captures.aStep;
import static io.stepvault.worker.Captures.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.event.BatchStored;
import io.stepvault.event.CompletedStep;
import io.stepvault.event.DeadLetteredStep;
import io.stepvault.storage.StepToStore;
import io.stepvault.storage.object.ObjectRefusedException;
import io.stepvault.storage.object.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class DiskQueueTest {
    private static final TopicPartition P0 = new TopicPartition("step-captures", 0);

    private PipelineHarness worker = PipelineHarness.withDiskQueue(1 << 20);

    private void publish(long offset, String session, String step) {
        worker.pipeline.record(
                record(P0, offset, aStep(session, step).setEndOfSession(true).build()));
    }

    /** The store answers what it has been asked, and a probe if there is one. */
    private void storeAnswers(Function<StepToStore, Optional<StoreException>> failure) {
        while (worker.store.pendingCalls() > 0) {
            worker.store.answer(failure);
            worker.thread.runAll();
        }
    }

    private void probesAnswer(Optional<StoreException> failure) {
        while (worker.store.pendingProbes() > 0) {
            worker.store.answerProbe(failure);
            worker.thread.runAll();
        }
    }

    private static Optional<StoreException> down(StepToStore step) {
        return Optional.of(PipelineHarness.unavailable());
    }

    private static Optional<StoreException> works(StepToStore step) {
        return Optional.empty();
    }

    private void recover() {
        for (int round = 0; round < 20; round++) {
            worker.pass(Duration.ofSeconds(31));
            probesAnswer(Optional.empty());
            storeAnswers(DiskQueueTest::works);
            worker.tick();
            if (worker.committer.isPending()) {
                worker.committer.succeed();
            }
        }
    }

    private List<String> completedSteps() {
        return worker.committer.published.stream()
                .flatMap(completion -> completion.getSteps().stream())
                .map(CompletedStep::getStepId)
                .toList();
    }

    private double gauge(String name) {
        return worker.registry.get(name).gauge().value();
    }

    @Test
    void whatTheStoreDoesNotTakeWaitsOnTheDiskAndIsCompletedWhenItDoes() {
        worker.assign(P0);
        for (int offset = 0; offset < 10; offset++) {
            publish(offset, "s" + offset % 2, "step-" + offset);
        }
        storeAnswers(DiskQueueTest::down);
        worker.tick();

        assertThat(worker.disk.entries()).hasSize(10);
        assertThat(gauge("stepvault.spool.batches")).isEqualTo(10);
        assertThat(worker.mayRead(P0)).as("reading goes on").isTrue();
        worker.pass(Duration.ofSeconds(1));
        assertThat(worker.committer.isPending()).as("the disk settles nothing").isFalse();

        recover();

        assertThat(completedSteps()).hasSize(10).doesNotHaveDuplicates();
        assertThat(worker.committer.committed()).containsExactly(Map.entry(P0, 10L));
        assertThat(worker.disk.files()).isEmpty();
        assertThat(gauge("stepvault.memory.used.bytes")).isZero();
    }

    @Test
    void whatWaitsOnTheDiskOfADeletedSessionIsSettledAndRemoved() {
        worker.assign(P0);
        publish(0, "gone", "a");
        publish(1, "s1", "b");
        storeAnswers(DiskQueueTest::down);
        worker.tick();
        worker.store.deletedSessions.add("gone");

        worker = worker.crash();
        worker.assign(P0);
        publish(0, "gone", "a");
        publish(1, "s1", "b");
        publish(2, "gone", "c");
        recover();

        assertThat(completedSteps()).containsExactly("b");
        assertThat(worker.committer.committed()).containsExactly(Map.entry(P0, 3L));
        assertThat(worker.disk.files()).isEmpty();
        assertThat(worker.counted("stepvault.steps.session.deleted")).isEqualTo(2);
        assertThat(gauge("stepvault.memory.used.bytes")).isZero();
    }

    @Test
    void whatWaitsOfADeletedSessionForAnotherOwnerIsRemoved() {
        worker.assign(P0);
        publish(0, "gone", "a");
        storeAnswers(DiskQueueTest::down);
        worker.tick();
        worker.store.deletedSessions.add("gone");

        worker = worker.crash();
        recover();

        assertThat(worker.disk.files()).isEmpty();
        assertThat(worker.committer.committed()).isEmpty();
        assertThat(worker.counted("stepvault.steps.session.deleted")).isOne();
    }

    @Test
    void batchesThatWaitTogetherShareAFile() {
        worker.assign(P0);
        worker.disk.hold();
        for (int offset = 0; offset < 100; offset++) {
            publish(offset, "s" + offset, "a");
        }
        while (worker.store.pendingCalls() > 0) {
            storeAnswers(DiskQueueTest::down);
        }
        worker.disk.release();
        worker.thread.runAll();

        assertThat(worker.disk.entries()).hasSize(100);
        assertThat(worker.disk.writes()).isLessThan(5);
    }

    @Test
    void aRestartedWorkerGoesOnWithWhatLiesOnItsDisk() {
        worker.assign(P0);
        publish(0, "s1", "a");
        publish(1, "s2", "b");
        storeAnswers(DiskQueueTest::down);
        worker.tick();

        worker = worker.crash();
        worker.assign(P0);
        publish(0, "s1", "a");
        publish(1, "s2", "b");
        publish(2, "s3", "c");
        assertThat(worker.counted("stepvault.records.skipped")).isEqualTo(2);
        recover();

        assertThat(completedSteps()).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(worker.committer.committed()).containsExactly(Map.entry(P0, 3L));
        assertThat(worker.disk.files()).isEmpty();
    }

    @Test
    void whatRetentionHasRemovedIsStillCompletedFromTheDisk() {
        worker.assign(P0);
        publish(0, "s1", "first");
        storeAnswers(DiskQueueTest::works);
        worker.tick();
        worker.committer.succeed();
        publish(1, "s1", "a");
        storeAnswers(DiskQueueTest::down);
        worker.tick();

        worker = worker.crash();
        worker.assign(P0);
        assertThat(worker.pipeline.removedBelow(P0, 5))
                .as("2 to 4 were never read")
                .isEqualTo(3);
        publish(5, "s1", "b");
        recover();

        assertThat(completedSteps()).containsExactly("first", "a", "b");
        assertThat(worker.committer.committed()).containsExactly(Map.entry(P0, 6L));
    }

    @Test
    void theDiskAloneIsEnoughForAGroupThatNeverCommitted() {
        worker.assign(P0);
        publish(0, "s1", "a");
        publish(1, "s2", "b");
        storeAnswers(DiskQueueTest::down);
        worker.tick();

        worker = worker.crash();
        worker.assign(P0);
        assertThat(worker.pipeline.removedBelow(P0, 200)).as("nobody can say").isZero();
        recover();

        assertThat(completedSteps()).containsExactlyInAnyOrder("a", "b");
        assertThat(worker.committer.committed()).containsExactly(Map.entry(P0, 200L));
    }

    @Test
    void anotherOwnerCompletesWhatThisDiskOnlyStores() {
        worker.assign(P0);
        publish(0, "s1", "a");
        storeAnswers(DiskQueueTest::down);
        worker.tick();

        worker.pipeline.left(Set.of(P0));
        recover();

        assertThat(worker.store.stored).hasSize(1);
        assertThat(completedSteps()).isEmpty();
        assertThat(worker.disk.files()).isEmpty();
        assertThat(worker.counted("stepvault.spool.steps.drained.uncompleted")).isOne();
    }

    @Test
    void aRebalanceDoesNotWaitForTheDisk() {
        worker.assign(P0);
        publish(0, "s1", "a");
        storeAnswers(DiskQueueTest::down);
        worker.tick();

        worker.pipeline.leaving(Set.of(P0));

        assertThat(worker.pipeline.isDrained(Set.of(P0))).isTrue();
    }

    @Test
    void aFullDiskHoldsBatchesInMemoryAndThenReading() {
        worker = PipelineHarness.withDiskQueue(20_000);
        worker.disk.refuseWrites("the budget is used up", false);
        worker.assign(P0);
        long offset = 0;
        while (worker.mayRead(P0)) {
            publish(offset, "s" + offset, "step-" + offset);
            storeAnswers(DiskQueueTest::down);
            worker.tick();
            offset++;
        }
        assertThat(offset).isLessThan(100);
        assertThat(worker.counted("stepvault.spool.refusals")).isGreaterThan(0);

        worker.disk.acceptWrites();
        worker.pass(Duration.ofSeconds(31));
        probesAnswer(Optional.of(PipelineHarness.unavailable()));
        storeAnswers(DiskQueueTest::down);
        worker.tick();
        assertThat(worker.mayRead(P0)).as("the disk takes them now").isTrue();

        recover();
        assertThat(completedSteps()).hasSize((int) offset).doesNotHaveDuplicates();
    }

    @Test
    void aDamagedBatchIsReadFromTheTopicAgain() {
        worker.assign(P0);
        publish(0, "s1", "a");
        publish(1, "s2", "b");
        storeAnswers(DiskQueueTest::down);
        worker.tick();
        worker.disk.corrupt(worker.disk.entries().get(0));

        worker.pass(Duration.ofSeconds(11));
        probesAnswer(Optional.empty());
        worker.tick();
        worker.tick();
        assertThat(worker.pipeline.takeRewinds()).containsExactly(Map.entry(P0, 0L));
        publish(0, "s1", "a");
        publish(1, "s2", "b"); // which is skipped
        recover();

        assertThat(completedSteps()).containsExactlyInAnyOrder("a", "b");
        assertThat(worker.counted("stepvault.spool.batches.corrupt")).isOne();
        assertThat(worker.committer.committed()).containsExactly(Map.entry(P0, 2L));
    }

    /** A batch that lies on the disk, damaged, while the store works again. */
    private void spoolDamaged(long offset, String session, String step) {
        publish(offset, session, step);
        storeAnswers(DiskQueueTest::down);
        worker.tick();
        worker.disk.corrupt(worker.disk.entries().get(0));
        probesAnswer(Optional.empty());
    }

    private void findDamage() {
        worker.pass(Duration.ofSeconds(1));
        worker.tick();
        assertThat(worker.counted("stepvault.spool.batches.corrupt")).isOne();
    }

    private List<List<String>> completions() {
        return worker.committer.published.stream()
                .map(completion -> completion.getSteps().stream()
                        .map(CompletedStep::getStepId)
                        .toList())
                .toList();
    }

    @Test
    void aDamagedBatchIsCompletedBehindOthersThoughItsPartitionWentBeforeItWasReadAgain() {
        worker.assign(P0);
        spoolDamaged(0, "s1", "a");
        publish(1, "s1", "b");
        storeAnswers(DiskQueueTest::works);
        worker.pass(Duration.ofSeconds(1));
        worker.pipeline.leaving(Set.of(P0));
        assertThat(worker.counted("stepvault.spool.batches.corrupt")).isOne();
        worker.committer.succeed();
        worker.pipeline.left(Set.of(P0));
        assertThat(worker.pipeline.takeRewinds()).isEmpty();
        assertThat(worker.committer.committed()).containsExactly(Map.entry(P0, 0L));

        worker.assign(P0);
        publish(0, "s1", "a");
        publish(1, "s1", "b"); // which is skipped
        recover();

        assertThat(completedSteps()).containsExactly("b", "a");
        assertThat(worker.committer.committed()).containsExactly(Map.entry(P0, 2L));
    }

    @Test
    void whatIsReadAgainJoinsNoOpenBatchOfLaterCaptures() {
        worker.assign(P0);
        spoolDamaged(0, "s1", "a");
        worker.consume(P0, 1, "s1", "b");
        findDamage();
        assertThat(worker.pipeline.takeRewinds()).containsExactly(Map.entry(P0, 0L));

        worker.consume(P0, 0, "s1", "a");
        worker.consume(P0, 1, "s1", "b"); // which is skipped
        worker.consume(P0, 2, "s1", "c");
        recover();

        assertThat(completions()).containsExactly(List.of("a"), List.of("b"), List.of("c"));
    }

    @Test
    void whatIsReadForTheFirstTimeDoesNotOvertakeWithWhatIsReadAgain() {
        worker.assign(P0);
        spoolDamaged(0, "s1", "a");
        publish(1, "s1", "b"); // and the store does not answer
        findDamage();
        assertThat(worker.pipeline.takeRewinds()).containsExactly(Map.entry(P0, 0L));

        worker.consume(P0, 0, "s1", "a");
        worker.consume(P0, 1, "s1", "b"); // which is skipped
        worker.consume(P0, 2, "s1", "c");
        recover();

        assertThat(completions()).containsExactly(List.of("a"), List.of("b"), List.of("c"));
    }

    @Test
    void aBatchThatAloneKeepsFailingIsSetAsideAndDeadLetteredInTheEnd() {
        worker.assign(P0);
        publish(0, "s1", "bad");
        publish(1, "s1", "good");
        storeAnswers(DiskQueueTest::down);
        worker.tick();
        Function<StepToStore, Optional<StoreException>> failsForBad =
                step -> step.capture().getStepId().equals("bad") ? down(step) : Optional.empty();

        for (int round = 0; round < 8; round++) {
            worker.pass(Duration.ofSeconds(31));
            probesAnswer(Optional.empty());
            storeAnswers(failsForBad);
            probesAnswer(Optional.empty());
            worker.tick();
            if (worker.committer.isPending()) {
                worker.committer.succeed();
            }
        }
        assertThat(worker.counted("stepvault.spool.batches.set.aside")).isOne();
        assertThat(completedSteps()).as("does not wait for it").containsExactly("good");
        assertThat(worker.committer.committed()).containsExactly(Map.entry(P0, 0L));

        for (int round = 0; round < 30; round++) {
            worker.pass(Duration.ofSeconds(31));
            probesAnswer(Optional.empty());
            storeAnswers(failsForBad);
            probesAnswer(Optional.empty());
            worker.tick();
            if (worker.committer.isPending()) {
                worker.committer.succeed();
            }
        }
        assertThat(worker.committer.deadLetters)
                .singleElement()
                .satisfies(
                        letter -> assertThat(letter.rejection().reason().code()).isEqualTo("not-stored-in-time"));
        assertThat(worker.committer.committed()).containsExactly(Map.entry(P0, 2L));
        assertThat(worker.disk.files()).isEmpty();
    }

    @Test
    void aCaptureThatTheStoreRefusesIsDeadLetteredAloneIfTheStoreTakesOthers() {
        worker.assign(P0);
        worker.pipeline.record(record(P0, 0, aStep("s1", "good").build()));
        worker.pipeline.record(
                record(P0, 1, aStep("s1", "bad").setEndOfSession(true).build()));
        probesAnswer(Optional.empty());
        Function<StepToStore, Optional<StoreException>> refusesBad =
                step -> step.capture().getStepId().equals("bad")
                        ? Optional.of(new ObjectRefusedException("s3://bucket", "key", "entity too large", null))
                        : Optional.empty();

        storeAnswers(refusesBad);
        assertThat(worker.committer.isPending()).as("not before a probe").isFalse();
        probesAnswer(Optional.empty());
        worker.pass(Duration.ofSeconds(1));

        assertThat(worker.committer.pending().deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.rejection().reason().code()).isEqualTo("refused-by-store");
            assertThat(letter.record().value())
                    .isEqualTo(record(
                                    P0,
                                    1,
                                    aStep("s1", "bad").setEndOfSession(true).build())
                            .value());
        });
        BatchStored completion = worker.committer.pending().completions().get(0);
        assertThat(completion.getSteps()).extracting(CompletedStep::getStepId).containsExactly("good");
        assertThat(completion.getDeadLetters())
                .extracting(DeadLetteredStep::getReason)
                .containsExactly("refused-by-store");
    }
}
