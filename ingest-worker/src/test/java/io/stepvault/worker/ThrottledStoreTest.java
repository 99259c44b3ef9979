package io.stepvault.worker;

import static io.stepvault.worker.Captures.aStep;
import static io.stepvault.worker.Captures.record;
import static io.stepvault.worker.Captures.screenshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.storage.StepToStore;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** A store that takes some and turns others away, however often they are tried. */
class ThrottledStoreTest {
    private static final TopicPartition P0 = new TopicPartition("step-captures", 0);
    private static final int SESSIONS = 8;

    private PipelineHarness worker = PipelineHarness.withDiskQueue(1 << 20);

    /** A batch of three captures, {@code a}, {@code b} and {@code c}, for each session. */
    private void consumeBatches() {
        worker.assign(P0);
        for (int session = 0; session < SESSIONS; session++) {
            for (int step = 0; step < 3; step++) {
                worker.consume(P0, 3 * session + step, "s" + session, "abc".substring(step, step + 1));
            }
        }
    }

    private static Optional<StoreException> throttled(StepToStore step) {
        return Optional.of(
                TransientStoreException.throttled("s3://bucket", step.capture().getStepId(), null));
    }

    private static Optional<StoreException> throttledB(StepToStore step) {
        return step.capture().getStepId().equals("b") ? throttled(step) : Optional.empty();
    }

    private static Optional<StoreException> works(StepToStore step) {
        return Optional.empty();
    }

    private void answer(Function<StepToStore, Optional<StoreException>> failure) {
        while (worker.store.pendingCalls() > 0) {
            worker.store.answer(failure);
            worker.thread.runAll();
        }
    }

    private void goOn(int rounds, Function<StepToStore, Optional<StoreException>> failure) {
        for (int round = 0; round < rounds; round++) {
            worker.pass(Duration.ofSeconds(31));
            while (worker.store.pendingProbes() > 0) {
                worker.store.answerProbe(Optional.empty());
                worker.thread.runAll();
            }
            answer(failure);
            worker.tick();
            if (worker.committer.isPending()) {
                worker.committer.succeed();
            }
        }
    }

    private void assertAllIsCommitted() {
        assertThat(worker.committer.committed()).containsExactly(Map.entry(P0, 3L * SESSIONS));
        assertThat(worker.committer.deadLetters).isEmpty();
        assertThat(worker.disk.files()).isEmpty();
    }

    @Test
    void whileItTakesSomeTheBreakerStaysClosedAndOnlyWhatFailedIsTriedAgain() {
        consumeBatches();

        answer(ThrottledStoreTest::throttledB);
        worker.tick();

        assertThat(worker.storeHealth.trouble()).isEmpty();
        assertThat(worker.disk.entries())
                .as("nothing is written twice by way of the disk")
                .isEmpty();
        assertThat(worker.registry
                        .get("stepvault.store.failures")
                        .tag("kind", "throttled")
                        .counter()
                        .count())
                .isEqualTo(SESSIONS);
        assertThat(worker.store.stored).hasSize(2 * SESSIONS);

        worker.pass(Duration.ofSeconds(1));
        assertThat(worker.store.nextCall()).containsExactly("b");
        answer(ThrottledStoreTest::works);
        goOn(2, ThrottledStoreTest::works);
        assertThat(worker.store.stored).as("stored once each").hasSize(3 * SESSIONS);
        assertAllIsCommitted();
    }

    @Test
    void aBatchOfWhichNothingIsTakenIsNoOutageWhileOthersAre() {
        consumeBatches();
        worker.store.answer(ThrottledStoreTest::works);
        worker.thread.runAll();

        answer(ThrottledStoreTest::throttled);
        worker.tick();

        assertThat(worker.storeHealth.trouble()).isEmpty();
        assertThat(worker.disk.entries()).isEmpty();
        goOn(4, ThrottledStoreTest::works);
        assertAllIsCommitted();
    }

    @Test
    void aStoreThatTurnsEverythingAwayIsOut() {
        consumeBatches();

        worker.pass(Duration.ofSeconds(1));
        answer(ThrottledStoreTest::throttled);
        worker.tick();

        assertThat(worker.storeHealth.trouble()).isPresent();
        assertThat(worker.disk.entries()).hasSize(SESSIONS);
        goOn(20, ThrottledStoreTest::works);
        assertAllIsCommitted();
    }

    @Test
    void whatComesFromTheDiskIsNeverGivenUpForWantOfRoom() {
        consumeBatches();
        answer(step -> Optional.of(PipelineHarness.unavailable()));
        worker.tick();
        assertThat(worker.disk.entries()).hasSize(SESSIONS);

        goOn(60, ThrottledStoreTest::throttledB);

        assertThat(worker.counted("stepvault.spool.batches.set.aside")).isZero();
        assertThat(worker.committer.deadLetters).isEmpty();
        assertThat(worker.disk.entries()).hasSize(SESSIONS);
        goOn(20, ThrottledStoreTest::works);
        assertAllIsCommitted();
    }

    @Test
    void goesToTheDiskWhenMemoryIsFull() {
        worker = PipelineHarness.withDiskQueue(400_000);
        worker.assign(P0);
        long offset = 0;
        while (worker.mayRead(P0)) {
            worker.pipeline.record(record(
                    P0,
                    offset,
                    aStep("s" + offset, "b").setScreenshot(screenshot(20_000)).build()));
            worker.consume(P0, offset + 1, "s" + offset, "a");
            worker.consume(P0, offset + 2, "s" + offset, "c");
            answer(ThrottledStoreTest::throttledB);
            offset += 3;
        }
        assertThat(offset).isLessThan(100);

        worker.pass(Duration.ofSeconds(1));
        answer(ThrottledStoreTest::throttledB);
        worker.tick();

        assertThat(worker.disk.entries()).isNotEmpty();
        assertThat(worker.mayRead(P0)).as("reading goes on").isTrue();
        goOn(40, ThrottledStoreTest::works);
        assertThat(worker.committer.committed()).containsExactly(Map.entry(P0, offset));
    }
}
