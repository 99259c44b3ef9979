package io.stepvault.worker;

import io.stepvault.wire.CaptureDecoder;
import io.stepvault.worker.batch.SessionBatcher;
import io.stepvault.worker.commit.CommitStage;
import io.stepvault.worker.commit.Committer;
import io.stepvault.worker.complete.CompleteStage;
import io.stepvault.worker.consume.ConsumerEvents;
import io.stepvault.worker.consume.RecordIntake;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.MemoryBudget;
import io.stepvault.worker.flow.PipelineThread;
import io.stepvault.worker.metrics.PipelineState;
import io.stepvault.worker.metrics.WorkerMetrics;
import io.stepvault.worker.store.StepWriter;
import io.stepvault.worker.store.StoreGate;
import io.stepvault.worker.store.StoreStage;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The core of the worker: its stages, wired. It moves only by the events that {@link ConsumerEvents} lists and by the
 * answers of the store and the committer, all on the pipeline's thread, and does no I/O of its own: so it can be driven
 * by a consumer's loop or by a simulation.
 *
 * <pre>
 * record -> RecordIntake -> SessionBatcher -> StoreStage -> CompleteStage -> CommitStage
 * </pre>
 */
final class Pipeline implements ConsumerEvents {
    private final CommitStage commit;
    private final CompleteStage complete;
    private final StoreStage store;
    private final SessionBatcher batch;
    private final RecordIntake intake;

    private final MemoryBudget memory;
    private final WorkerMetrics metrics;
    private final Map<TopicPartition, Assignment> held = new HashMap<>();
    private final Set<Assignment> leaving = new HashSet<>();

    Pipeline(
            PipelineSettings settings,
            PipelineThread thread,
            StepWriter writer,
            StoreGate gate,
            Committer committer,
            WorkerMetrics metrics) {
        memory = new MemoryBudget(settings.memoryLimit());
        commit = new CommitStage(settings.commitInterval(), thread.clock(), committer, metrics);
        complete = new CompleteStage(commit);
        store = new StoreStage(settings.store(), thread, writer, gate, complete, memory);
        batch = new SessionBatcher(settings.batch(), thread.clock(), store, metrics);
        intake = new RecordIntake(
                CaptureDecoder.withoutRegistry(), settings.rules(), thread.clock(), batch, memory, metrics);
        this.metrics = metrics;
    }

    @Override
    public void assigned(Collection<TopicPartition> partitions, String topicId) {
        for (TopicPartition partition : partitions) {
            Assignment assignment = new Assignment(partition, topicId);
            held.put(partition, assignment);
            commit.begin(assignment);
        }
    }

    @Override
    public void record(ConsumerRecord<byte[], byte[]> record) {
        Assignment assignment = held.get(new TopicPartition(record.topic(), record.partition()));
        if (assignment == null) {
            throw new IllegalStateException(
                    "a record came from " + record.topic() + "-" + record.partition() + ", which is not assigned");
        }
        intake.accept(assignment, record);
    }

    @Override
    public void tick() {
        batch.tick();
        if (memory.isFull()) {
            batch.relieveMemory(memory.resumeLevel());
        }
        store.tick();
        if (leaving.isEmpty()) {
            commit.tick();
        } else {
            commit.commitNow();
        }
        metrics.pipelineIs(new PipelineState(
                held.size(),
                batch.openBatches(),
                store.waitingBatches(),
                store.stepsInFlight(),
                commit.waitingCompletions(),
                memory.used(),
                memory.limit(),
                memory.isFull()));
    }

    @Override
    public void leaving(Collection<TopicPartition> partitions) {
        assignments(partitions).forEach(assignment -> {
            leaving.add(assignment);
            batch.flush(assignment);
        });
        commit.commitNow();
    }

    @Override
    public boolean isDrained(Collection<TopicPartition> partitions) {
        return assignments(partitions).allMatch(commit::isDrained);
    }

    @Override
    public void left(Collection<TopicPartition> partitions) {
        assignments(partitions).toList().forEach(assignment -> {
            held.remove(assignment.partition());
            leaving.remove(assignment);
            assignment.end();
            memory.release(batch.discard(assignment));
            store.discard(assignment);
            complete.discard(assignment);
            commit.discard(assignment);
        });
    }

    @Override
    public boolean isFull() {
        return memory.isFull();
    }

    @Override
    public boolean isBusy() {
        return store.stepsInFlight() > 0;
    }

    private Stream<Assignment> assignments(Collection<TopicPartition> partitions) {
        return partitions.stream().map(held::get).filter(Objects::nonNull);
    }
}
