package io.stepvault.worker;

import io.stepvault.worker.assemble.ChunkAssembler;
import io.stepvault.worker.assemble.DecodeStage;
import io.stepvault.worker.assemble.PartialCaptures;
import io.stepvault.worker.assemble.SchemaGate;
import io.stepvault.worker.batch.ChosenCaptures;
import io.stepvault.worker.batch.SessionBatcher;
import io.stepvault.worker.commit.CommitStage;
import io.stepvault.worker.complete.CompleteStage;
import io.stepvault.worker.consume.ConsumerEvents;
import io.stepvault.worker.consume.RecordIntake;
import io.stepvault.worker.consume.TopicDirectory;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.MemoryBudget;
import io.stepvault.worker.flow.PipelineThread;
import io.stepvault.worker.metrics.PipelineState;
import io.stepvault.worker.metrics.WorkerMetrics;
import io.stepvault.worker.spool.SpoolDisk;
import io.stepvault.worker.spool.SpoolStage;
import io.stepvault.worker.store.StoreStage;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The core of the worker: its stages, wired. It moves only by the events that {@link ConsumerEvents} lists and by the
 * answers of the store, the disk and the committer, all on the pipeline's thread, and does no I/O of its own: so it can
 * be driven by a consumer's loop or by a simulation.
 *
 * <pre>
 * record -> RecordIntake -> ChunkAssembler -> DecodeStage -> SessionBatcher -> StoreStage -> CompleteStage -> CommitStage
 *                                                                                 \-> SpoolStage -> drain /
 * </pre>
 */
public final class Pipeline implements ConsumerEvents, PartialCaptures {
    private final CommitStage commit;
    private final CompleteStage complete;
    private final SpoolStage spool;
    private final StoreStage store;
    private final SessionBatcher batch;
    private final SchemaGate schemas;
    private final ChunkAssembler assemble;
    private final RecordIntake intake;

    private final PipelineSettings settings;
    private final PipelineThread thread;
    private final SpoolDisk disk;
    private final MemoryBudget memory;
    private final WorkerMetrics metrics;
    private final Map<TopicPartition, Assignment> held = new LinkedHashMap<>();
    private final Set<Assignment> leaving = new HashSet<>();
    private final Map<TopicPartition, Long> rewinds = new HashMap<>();

    /** A pipeline with no partitions yet, wired to {@code edges}. */
    public Pipeline(PipelineSettings settings, PipelineThread thread, PipelineEdges edges, WorkerMetrics metrics) {
        this.settings = settings;
        this.thread = thread;
        this.disk = edges.disk();
        this.metrics = metrics;
        memory = new MemoryBudget(settings.memoryLimit());
        commit = new CommitStage(settings.commitInterval(), thread.clock(), edges.committer(), memory, metrics);
        complete = new CompleteStage(commit, memory, settings.replayId());
        spool = new SpoolStage(settings.spool(), thread, disk, edges.spooled(), complete, memory, metrics);
        store = new StoreStage(settings.store(), thread, edges.store(), edges.gate(), spool, complete, memory);
        batch = new SessionBatcher(settings.batch(), thread.clock(), store, metrics);
        schemas = edges.schemas();
        DecodeStage decode = new DecodeStage(
                schemas,
                settings.rules(),
                thread.clock(),
                new ChosenCaptures(edges.choice(), batch, memory),
                commit,
                memory,
                edges.slabs(),
                metrics);
        assemble = new ChunkAssembler(settings.assemble(), edges.chunks(), decode, commit, memory, metrics);
        intake = new RecordIntake(assemble, batch, memory, commit::isMetadataFull, metrics);
    }

    @Override
    public void assigned(
            Map<TopicPartition, Optional<OffsetAndMetadata>> committed, TopicDirectory.Lookup.Found topic) {
        committed.forEach((partition, position) -> {
            Assignment assignment = commit.begin(partition, topic.topicId(), position);
            held.put(partition, assignment);
            spool.begin(assignment, topic.clusterId());
        });
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
    public void wereAtEnd(Collection<TopicPartition> partitions, Duration time) {
        // What is held back may be just the chunk that a set waits for.
        assignments(partitions)
                .filter(assignment -> !intake.isHoldingBack(assignment))
                .forEach(assignment -> assemble.wasAtEnd(assignment, time));
    }

    @Override
    public long removedBelow(TopicPartition partition, long offset) {
        Assignment assignment = held.get(partition);
        return assignment == null ? 0 : assignment.removedBelow(offset);
    }

    @Override
    public void tick() {
        intake.tick();
        batch.tick();
        if (memory.isFull() || intake.isHoldingBack()) {
            // The other half is for what is being stored: were all of it waiting, the store would be idle.
            batch.relieveMemory(Math.max(0, memory.limit() / 2 - intake.bytesWanted()));
        }
        assemble.tick(thread.clock().instant());
        schemas.tick();
        store.tick();
        if (leaving.isEmpty()) {
            commit.tick();
        } else {
            commit.commitNow();
        }
        held.values().forEach(this::relieveMetadata);
        held.values().forEach(this::noteRewind);
        metrics.pipelineIs(state());
    }

    /** When no more can be said of what is settled, what holds up the rest must go, if it is only half there. */
    private void relieveMetadata(Assignment assignment) {
        if (commit.isMetadataFull(assignment)) {
            assignment.lowestUnsettled().ifPresent(lowest -> assemble.giveUpHolding(assignment, lowest));
        }
    }

    private void noteRewind(Assignment assignment) {
        assignment.takeRewind().ifPresent(offset -> {
            rewinds.merge(assignment.partition(), offset, Math::min);
            intake.discard(assignment); // it comes again
        });
        metrics.offsetsLost(assignment.takeLost());
    }

    @Override
    public Map<TopicPartition, Long> takeRewinds() {
        Map<TopicPartition, Long> taken = Map.copyOf(rewinds);
        rewinds.clear();
        return taken;
    }

    @Override
    public void leaving(Collection<TopicPartition> partitions) {
        assignments(partitions).forEach(assignment -> {
            leaving.add(assignment);
            intake.discard(assignment);
            batch.flush(assignment);
        });
        commit.commitNow();
    }

    @Override
    public boolean isDrained(Collection<TopicPartition> partitions) {
        return assignments(partitions)
                .allMatch(assignment ->
                        commit.isDrained(assignment, spool.parked(assignment) + assemble.parked(assignment)));
    }

    @Override
    public boolean isCommitting(Collection<TopicPartition> partitions) {
        return assignments(partitions).anyMatch(commit::isCommitting);
    }

    @Override
    public void left(Collection<TopicPartition> partitions) {
        assignments(partitions).toList().forEach(assignment -> {
            held.remove(assignment.partition());
            rewinds.remove(assignment.partition());
            leaving.remove(assignment);
            assignment.end();
            intake.discard(assignment);
            assemble.discard(assignment);
            schemas.discard(assignment);
            memory.release(batch.discard(assignment));
            store.discard(assignment);
            spool.discard(assignment);
            complete.discard(assignment);
            commit.discard(assignment);
        });
    }

    @Override
    public boolean mayRead(TopicPartition partition) {
        Assignment assignment = held.get(partition);
        if (assignment == null || schemas.isHeld(assignment)) {
            return false;
        }
        // What is read again may be what everything else waits for, and most of what comes along is skipped.
        return assignment.awaitsRecords()
                || (!memory.isFull()
                        && !intake.isHoldingBack()
                        && commit.waiting(assignment) < settings.maxWaitingCompletions());
    }

    @Override
    public boolean isBusy() {
        return store.stepsInFlight() > 0 || spool.isBusy();
    }

    @Override
    public boolean isHoldingBack() {
        // What waited for its schema comes again, unless its partition is not read any more.
        return intake.isHoldingBack()
                || schemas.waiting() > 0
                || held.values().stream()
                        .anyMatch(assignment -> assignment.awaitsRecords() && !leaving.contains(assignment));
    }

    @Override
    public int records(TopicPartition partition) {
        Assignment assignment = held.get(partition);
        return assignment == null ? 0 : assemble.parked(assignment);
    }

    @Override
    public boolean isContinuedBy(ConsumerRecord<byte[], byte[]> record) {
        Assignment assignment = held.get(new TopicPartition(record.topic(), record.partition()));
        return assignment != null && assemble.belongsToOpenSet(assignment, RecordIntake.sourceRecord(record));
    }

    private PipelineState state() {
        return new PipelineState(
                held.size(),
                (int) held.keySet().stream()
                        .filter(partition -> !mayRead(partition))
                        .count(),
                schemas.waiting(),
                batch.openBatches(),
                store.waitingBatches(),
                store.stepsInFlight(),
                commit.waiting() + complete.waiting(),
                assemble.openSets(),
                new PipelineState.Spool(
                        spool.batches(),
                        spool.setAside(),
                        spool.oldest()
                                .map(oldest ->
                                        Duration.between(oldest, thread.clock().instant()))
                                .orElse(Duration.ZERO),
                        new PipelineState.Budget(disk.use().bytes(), disk.use().maxBytes())),
                new PipelineState.Budget(
                        memory.used() + spool.entryBytes(),
                        memory.limit() + settings.spool().entriesMaxBytes()),
                new PipelineState.Budget(assemble.bytes(), assemble.maxBytes()));
    }

    private Stream<Assignment> assignments(Collection<TopicPartition> partitions) {
        return partitions.stream().map(held::get).filter(Objects::nonNull);
    }
}
