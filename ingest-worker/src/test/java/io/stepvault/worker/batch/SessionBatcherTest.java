package io.stepvault.worker.batch;

import static io.stepvault.worker.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stepvault.capture.Artifacts;
import io.stepvault.event.Artifact;
import io.stepvault.event.StepCapture;
import io.stepvault.worker.ManualThread;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.SessionBatch;
import io.stepvault.worker.flow.SourceRecord;
import io.stepvault.worker.flow.TrackedCapture;
import io.stepvault.worker.flow.TrackedOffset;
import io.stepvault.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class SessionBatcherTest {
    private static final SourceRecord RECORD = new SourceRecord(null, null, List.of(), -1);

    private static final BatchLimits LIMITS = new BatchLimits(Duration.ofSeconds(5), 1000, 4, 100_000);

    private final ManualThread thread = new ManualThread();
    private final List<SessionBatch> flushed = new ArrayList<>();
    private final SessionBatcher batcher = batcher(LIMITS);
    private final Assignment assignment = new Assignment(new TopicPartition("step-captures", 0), "topic-id");
    private long nextOffset;

    private SessionBatcher batcher(BatchLimits limits) {
        return new SessionBatcher(limits, thread.clock(), flushed::add, new WorkerMetrics(new SimpleMeterRegistry()));
    }

    private static TrackedOffset handle(Assignment assignment, long offset) {
        return assignment.deliver(offset).orElseThrow();
    }

    private TrackedCapture tracked(StepCapture capture, long bytes) {
        return new TrackedCapture(capture, RECORD, List.of(handle(assignment, nextOffset++)), bytes);
    }

    private void accept(String session, long bytes) {
        batcher.accept(tracked(aStep(session, "step-" + nextOffset).build(), bytes));
    }

    @Test
    void keepsABatchOpenUntilItIsOldEnough() {
        accept("s1", 1);
        thread.pass(Duration.ofMillis(4999));
        batcher.tick();
        assertThat(flushed).isEmpty();

        thread.pass(Duration.ofMillis(1));
        batcher.tick();

        assertThat(flushed).hasSize(1);
        assertThat(batcher.openBatches()).isZero();
    }

    @Test
    void whatIsReadAgainMakesUpBatchesOfItsOwn() {
        accept("s1", 1);
        accept("s1", 1);
        batcher.flush(assignment);
        accept("s1", 1);
        flushed.remove(0).offsets().forEach(TrackedOffset::readAgain);
        assignment.takeRewind();

        nextOffset = 0;
        accept("s1", 1);
        accept("s1", 1);
        nextOffset = 3;
        accept("s1", 1);
        batcher.flush(assignment);

        assertThat(flushed)
                .extracting(batch -> batch.captures().stream()
                        .map(capture -> capture.offset().offset())
                        .toList())
                .containsExactly(List.of(2L), List.of(0L, 1L), List.of(3L));
    }

    @Test
    void ageCountsFromTheFirstCaptureNotTheLast() {
        accept("s1", 1);
        thread.pass(Duration.ofSeconds(3));
        accept("s1", 1);
        thread.pass(Duration.ofSeconds(2));

        batcher.tick();

        assertThat(flushed)
                .singleElement()
                .satisfies(batch -> assertThat(batch.captures()).hasSize(2));
    }

    @Test
    void flushesWhenTheBytesAreReached() {
        accept("s1", 999);
        assertThat(flushed).isEmpty();

        accept("s1", 1);

        assertThat(flushed)
                .singleElement()
                .satisfies(batch -> assertThat(batch.bytes()).isEqualTo(1000));
    }

    @Test
    void flushesWhenTheStepsAreReached() {
        for (int i = 0; i < 4; i++) {
            accept("s1", 1);
        }

        assertThat(flushed)
                .singleElement()
                .satisfies(batch -> assertThat(batch.captures()).hasSize(4));
    }

    @Test
    void flushesAtOnceAtTheEndOfTheSession() {
        accept("s1", 1);
        batcher.accept(tracked(aStep("s1", "last").setEndOfSession(true).build(), 1));

        assertThat(flushed)
                .singleElement()
                .satisfies(batch -> assertThat(batch.captures()).hasSize(2));
    }

    @Test
    void flushesBeforeTheCompletionEventWouldOutgrowARecord() {
        SessionBatcher small = batcher(new BatchLimits(Duration.ofSeconds(5), 1000, 100, 60_000));
        Map<String, Artifact> many = new HashMap<>();
        for (int i = 0; i < 64; i++) {
            many.put("attachment-" + i, Artifacts.of("text/plain", new byte[0]));
        }

        small.accept(tracked(aStep("s1", "a").setAttachments(many).build(), 1));
        small.accept(tracked(aStep("s1", "b").setAttachments(many).build(), 1));

        assertThat(flushed)
                .singleElement()
                .satisfies(batch -> assertThat(batch.captures()).hasSize(1));
        assertThat(small.openBatches()).isEqualTo(1);
    }

    @Test
    void sessionsAndPartitionsAreKeptApart() {
        Assignment other = new Assignment(new TopicPartition("step-captures", 1), "topic-id");
        accept("s1", 1);
        accept("s2", 1);
        batcher.accept(new TrackedCapture(aStep("s1", "x").build(), RECORD, List.of(handle(other, 0)), 1));

        batcher.flush(assignment);

        assertThat(flushed).extracting(SessionBatch::sessionId).containsExactly("s1", "s2");
        assertThat(batcher.openBatches()).as("the other partition's").isEqualTo(1);
    }

    @Test
    void memoryIsRelievedFromTheOldestBatchOn() {
        accept("old", 300);
        accept("middle", 300);
        accept("young", 300);

        batcher.relieveMemory(300);

        assertThat(flushed).extracting(SessionBatch::sessionId).containsExactly("old", "middle");
    }

    @Test
    void discardingAnAssignmentGivesItsBytesBackAndFlushesNothing() {
        accept("s1", 300);
        accept("s2", 200);

        assertThat(batcher.discard(assignment)).isEqualTo(500);

        thread.pass(Duration.ofMinutes(1));
        batcher.tick();
        batcher.relieveMemory(0);
        assertThat(flushed).isEmpty();
    }

    @Property
    void everyCaptureLeavesOnceInOrderAndWithinTheLimits(@ForAll("arrivals") List<Arrival> arrivals) {
        // jqwik keeps the instance from try to try; a batcher must not.
        new SessionBatcherTest().leavesOnceInOrderAndWithinTheLimits(arrivals);
    }

    private void leavesOnceInOrderAndWithinTheLimits(List<Arrival> arrivals) {
        Map<String, List<Long>> accepted = new HashMap<>();
        for (Arrival arrival : arrivals) {
            thread.pass(Duration.ofMillis(arrival.afterMillis));
            batcher.tick();
            accepted.computeIfAbsent(arrival.session, key -> new ArrayList<>()).add(nextOffset);
            batcher.accept(tracked(
                    aStep(arrival.session, "step")
                            .setEndOfSession(arrival.endOfSession)
                            .build(),
                    arrival.bytes));
        }
        batcher.flush(assignment);

        Map<String, List<Long>> left = new HashMap<>();
        for (SessionBatch batch : flushed) {
            List<TrackedCapture> captures = batch.captures();
            captures.forEach(capture -> left.computeIfAbsent(batch.sessionId(), key -> new ArrayList<>())
                    .add(capture.offset().offset()));
            long allButLast = captures.stream()
                    .limit(captures.size() - 1)
                    .mapToLong(TrackedCapture::bytes)
                    .sum();
            assertThat(captures).hasSizeLessThanOrEqualTo(LIMITS.maxSteps());
            assertThat(allButLast).isLessThan(LIMITS.maxBytes());
            assertThat(captures.stream().limit(captures.size() - 1))
                    .noneMatch(capture -> capture.capture().getEndOfSession());
        }
        assertThat(left).isEqualTo(accepted);
        assertThat(batcher.openBatches()).isZero();
    }

    @Provide
    Arbitrary<List<Arrival>> arrivals() {
        return Combinators.combine(
                        Arbitraries.of("s1", "s2", "s3"),
                        Arbitraries.longs().between(1, 600),
                        Arbitraries.of(true, false, false, false),
                        Arbitraries.integers().between(0, 2000))
                .as(Arrival::new)
                .list()
                .ofMaxSize(60);
    }

    record Arrival(String session, long bytes, boolean endOfSession, int afterMillis) {}
}
