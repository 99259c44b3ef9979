package io.stepvault.worker;

import static io.stepvault.worker.Captures.aStep;
import static io.stepvault.worker.Captures.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.capture.CommitRecord;
import io.stepvault.capture.Rejection;
import io.stepvault.capture.Rejection.Reason;
import io.stepvault.event.StepCapture;
import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.Chunking;
import io.stepvault.wire.ConfluentFormat;
import io.stepvault.wire.ContractSchemas;
import io.stepvault.wire.WriterSchemas.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Partitions that wait for a schema. */
class SchemaWaitTest {
    private static final TopicPartition P0 = new TopicPartition("step-captures", 0);
    private static final TopicPartition P1 = new TopicPartition("step-captures", 1);
    private static final int ID = 7;
    private static final Answer KNOWN = new Answer.Known(ContractSchemas.stepCapture());
    private static final Answer DOWN = new Answer.NotYet("http://registry does not answer", false);

    private final PipelineHarness harness = new PipelineHarness();

    @BeforeEach
    void setUpRegistry() {
        harness.schemas.setUp();
    }

    @Test
    void partitionWaitsAndTheOthersGoOn() {
        harness.assign(P0, P1);
        confluent(P0, 0, "a");
        harness.consume(P1, 0, "s2", "b");
        harness.tick();

        assertThat(harness.mayRead(P0)).isFalse();
        assertThat(harness.mayRead(P1)).isTrue();
        assertThat(gauge("stepvault.partitions.without.schema")).isEqualTo(1);
        harness.pass(Duration.ofSeconds(6));
        harness.store.succeed();
        harness.pass(Duration.ofSeconds(1));
        assertThat(harness.committer.pendingOffsets()).containsExactly(Map.entry(P1, 1L));
    }

    @Test
    void whatWaitedIsReadAgainInOrderOnceTheSchemaIsThere() {
        harness.assign(P0);
        harness.consume(P0, 4, "s1", "before");
        confluent(P0, 5, "first");
        harness.consume(P0, 6, "s1", "second"); // of the same poll
        harness.tick();
        assertThat(harness.pipeline.takeRewinds()).containsExactly(Map.entry(P0, 5L));
        assertThat(harness.schemas.pending()).containsExactly(ID);

        harness.schemas.answer(ID, KNOWN);
        harness.tick();
        assertThat(harness.mayRead(P0)).isTrue();
        confluent(P0, 5, "first");
        harness.consume(P0, 6, "s1", "second");
        harness.quiesce();

        assertThat(harness.store.stored).extracting(CommitRecord::stepId).containsExactly("before", "first", "second");
        assertThat(harness.committer.committed()).containsEntry(P0, 7L);
        assertThat(harness.committer.deadLetters).isEmpty();
    }

    @Test
    void registryThatDoesNotAnswerIsAskedAgainAndSaysSo() {
        harness.assign(P0);
        confluent(P0, 0, "a");
        harness.tick();
        harness.schemas.answer(ID, DOWN);
        harness.tick();

        assertThat(harness.registryHealth.trouble()).hasValueSatisfying(trouble -> {
            assertThat(trouble.why()).isEqualTo("http://registry does not answer");
            assertThat(trouble.operatorMustAct()).isFalse();
        });
        assertThat(harness.counted("stepvault.registry.failures")).isEqualTo(1);
        assertThat(harness.mayRead(P0)).isFalse();
        assertThat(harness.schemas.pending()).as("not at once").isEmpty();
        harness.pass(Duration.ofMillis(500));
        assertThat(harness.schemas.pending()).containsExactly(ID);

        harness.schemas.answer(ID, KNOWN);
        harness.tick();
        assertThat(harness.registryHealth.trouble()).isEmpty();
        assertThat(harness.mayRead(P0)).isTrue();
    }

    @Test
    void outageOfAnyLengthMakesNoDeadLetterAndTakesNoMemory() {
        harness.assign(P0);
        confluent(P0, 0, "a");
        for (int minute = 0; minute < 60; minute++) {
            harness.pass(Duration.ofMinutes(1));
            harness.schemas.pending().forEach(id -> harness.schemas.answer(id, DOWN));
            harness.tick();
        }

        assertThat(harness.committer.deadLetters).isEmpty();
        assertThat(harness.committer.isPending()).isFalse();
        assertThat(gauge("stepvault.memory.used.bytes")).isZero();
    }

    @Test
    void unknownIdIsADeadLetterAndThePartitionGoesOn() {
        harness.assign(P0);
        confluent(P0, 0, "a");
        harness.tick();
        harness.schemas.answer(ID, new Answer.Never(new Rejection(Reason.UNKNOWN_SCHEMA, "schema 7 is not known")));
        harness.tick();
        confluent(P0, 0, "a");
        harness.consume(P0, 1, "s1", "b");
        harness.quiesce();

        assertThat(harness.committer.committed()).containsEntry(P0, 2L);
        assertThat(harness.store.stored).extracting(CommitRecord::stepId).containsExactly("b");
        assertThat(harness.committer.deadLetters)
                .extracting(letter -> letter.rejection().reason())
                .containsExactly(Reason.UNKNOWN_SCHEMA);
    }

    @Test
    void partitionThatLeavesIsNotWaitedFor() {
        harness.assign(P0);
        confluent(P0, 0, "a");
        harness.tick();
        harness.schemas.answer(ID, DOWN);
        harness.tick();

        harness.pipeline.leaving(Set.of(P0));
        assertThat(harness.pipeline.isDrained(Set.of(P0))).isTrue();
        harness.pipeline.left(Set.of(P0));

        assertThat(harness.registryHealth.trouble()).isEmpty();
        harness.pass(Duration.ofMinutes(1));
        assertThat(harness.schemas.pending()).isEmpty();
    }

    @Test
    void answerAfterThePartitionCameBackIsForItsNewAssignment() {
        harness.assign(P0);
        confluent(P0, 0, "a");
        harness.pipeline.left(Set.of(P0));
        harness.assign(P0);
        confluent(P0, 0, "a");
        harness.tick();

        harness.schemas.answer(ID, KNOWN);
        harness.tick();
        assertThat(harness.mayRead(P0)).isTrue();
        confluent(P0, 0, "a");
        harness.quiesce();

        assertThat(harness.committer.committed()).containsEntry(P0, 1L);
    }

    @Test
    void chunksAreReadAgainFromTheirFirst() {
        StepCapture capture = aStep("s1", "large").build();
        byte[] value = new ConfluentFormat.Encoder().encode(ID, capture);
        Chunking chunks = new Chunking(new UUID(1, 2), value, value.length / 2 + 1);
        harness.assign(P0);
        chunk(0, chunks, 0);
        harness.consume(P0, 1, "s1", "between");
        chunk(2, chunks, 1);
        harness.tick();
        assertThat(harness.pipeline.takeRewinds()).containsExactly(Map.entry(P0, 0L));

        harness.schemas.answer(ID, KNOWN);
        harness.tick();
        chunk(0, chunks, 0);
        harness.consume(P0, 1, "s1", "between");
        chunk(2, chunks, 1);
        harness.quiesce();

        assertThat(harness.store.stored).extracting(CommitRecord::stepId).containsExactly("between", "large");
        assertThat(harness.committer.committed()).containsEntry(P0, 3L);
    }

    @Test
    void captureOnTheDiskNeedsNoRegistry() {
        PipelineHarness before = PipelineHarness.withDiskQueue(1 << 20);
        before.schemas.setUp();
        before.schemas.answer(ID, KNOWN);
        before.assign(P0);
        before.pipeline.record(record(P0, 0, aStep("s1", "a").build(), ID));
        before.pass(Duration.ofSeconds(6));
        before.store.answer(step -> Optional.of(PipelineHarness.unavailable()));
        before.tick();
        before.tick();
        assertThat(before.counted("stepvault.spool.steps.written")).isEqualTo(1);

        PipelineHarness after = before.crash();
        after.assign(P0);
        assertThat(after.disk.entries()).hasSize(1);
        after.pipeline.record(record(P0, 0, aStep("s1", "a").build(), ID)); // skipped
        after.quiesce();

        assertThat(after.schemas.pending()).isEmpty();
        assertThat(after.store.stored).extracting(CommitRecord::stepId).contains("a");
        assertThat(after.committer.committed()).containsEntry(P0, 1L);
    }

    private void confluent(TopicPartition partition, long offset, String step) {
        harness.pipeline.record(record(partition, offset, aStep("s1", step).build(), ID));
    }

    private void chunk(long offset, Chunking chunks, int index) {
        ConsumerRecord<byte[], byte[]> chunk =
                record(P0, offset, "s1".getBytes(StandardCharsets.UTF_8), chunks.bytes(index));
        ChunkFormat.CAPTURES.write(chunks.header(index)).forEach(chunk.headers()::add);
        harness.pipeline.record(chunk);
    }

    private double gauge(String name) {
        return harness.registry.get(name).gauge().value();
    }
}
