package io.stepvault.worker.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.stepvault.capture.Rejection;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker's own meters. Every one that counts what is held, dropped, skipped or failed exists from the start at
 * zero, so that an alert on it can be trusted.
 *
 * <p>Safe for any thread.
 */
public final class WorkerMetrics {
    private static final Logger log = LoggerFactory.getLogger(WorkerMetrics.class);

    private final MeterRegistry registry;
    private final Counter recordsConsumed;
    private final Counter recordsSkipped;
    private final Counter keysDiffering;
    private final Counter offsetsLost;
    private final DistributionSummary batchSteps;
    private final DistributionSummary batchBytes;
    private final Counter stepsStored;
    private final Counter stepsOfDeletedSessions;
    private final Timer batchStored;
    private final Counter completionsPublished;
    private final Counter commits;
    private final Counter commitsFailed;
    private final Counter commitsRecovered;
    private final Counter metadataIgnored;
    private final Counter chunkSetsDropped;
    private final Counter stepsSpooled;
    private final Counter stepsDrained;
    private final Counter stepsDrainedForOthers;
    private final Counter batchesSetAside;
    private final Counter batchesCorrupt;
    private final Counter spoolRefusals;
    private final Counter registryFailures;
    private volatile PipelineState state = PipelineState.EMPTY;
    private volatile int putsInFlight;
    private volatile int putsLimit;

    /** Meters in {@code registry}. */
    public WorkerMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.recordsConsumed = counter("stepvault.records.consumed", "Records read from the topic");
        this.recordsSkipped = counter(
                "stepvault.records.skipped", "Records read again although they are settled, or wait on the disk");
        this.keysDiffering = counter("stepvault.records.key.differing", "Records whose key is not their session id");
        this.offsetsLost = counter("stepvault.offsets.lost", "Offsets that retention removed before they were read");
        this.batchSteps = DistributionSummary.builder("stepvault.batch.steps")
                .description("Captures in a session batch")
                .register(registry);
        this.batchBytes = DistributionSummary.builder("stepvault.batch.size")
                .baseUnit("bytes")
                .description("Bytes in a session batch")
                .register(registry);
        this.stepsStored = counter("stepvault.steps.stored", "Captures stored and readable");
        this.stepsOfDeletedSessions = counter(
                "stepvault.steps.session.deleted", "Captures not stored because their session has been deleted");
        this.batchStored = Timer.builder("stepvault.store.duration")
                .description("Time from beginning to store a batch until it is readable")
                .publishPercentileHistogram()
                .register(registry);
        this.completionsPublished = counter("stepvault.completions.published", "Completion events published");
        this.commits = counter("stepvault.commits", "Commits of offsets");
        this.commitsFailed = counter("stepvault.commits.failed", "Commits of offsets that failed and are tried again");
        this.commitsRecovered = counter(
                "stepvault.commits.recovered", "Commits of which it was unknown for a while whether they went through");
        this.metadataIgnored =
                counter("stepvault.commit.metadata.ignored", "Partitions taken on whose commit metadata was not valid");
        this.chunkSetsDropped = counter(
                "stepvault.chunks.sets.dropped", "Open chunk sets dropped for room, to be read from the topic again");
        this.stepsSpooled = counter("stepvault.spool.steps.written", "Captures written to the disk queue");
        this.stepsDrained = counter(
                "stepvault.spool.steps.drained", "Captures stored from the disk queue, to be completed by this worker");
        this.stepsDrainedForOthers = counter(
                "stepvault.spool.steps.drained.uncompleted",
                "Captures stored from the disk queue, to be completed by their partition's owner, if their records are"
                        + " still on the topic");
        this.batchesSetAside = counter(
                "stepvault.spool.batches.set.aside", "Batches on the disk that failed while the store took others");
        this.batchesCorrupt = counter("stepvault.spool.batches.corrupt", "Batches on the disk found damaged");
        this.spoolRefusals = counter("stepvault.spool.refusals", "Times that the disk took no batch");
        this.registryFailures =
                counter("stepvault.registry.failures", "Times that the schema registry gave no answer about a schema");
        gauge("stepvault.partitions.assigned", "Partitions that this worker holds", PipelineState::partitions);
        gauge(
                "stepvault.partitions.paused",
                "Partitions that are not read for now, because a budget is used up or a schema is missing",
                PipelineState::pausedPartitions);
        gauge(
                "stepvault.partitions.without.schema",
                "Partitions that are not read for now, because they wait for the schema registry",
                PipelineState::partitionsWithoutSchema);
        gauge("stepvault.batches.open", "Session batches that are being gathered", PipelineState::openBatches);
        gauge(
                "stepvault.batches.waiting",
                "Session batches that wait in memory for the store",
                PipelineState::waitingBatches);
        gauge("stepvault.steps.in.flight", "Captures that are being stored", PipelineState::stepsInFlight);
        gauge(
                "stepvault.completions.waiting",
                "Completions and dead letters that wait to be published",
                PipelineState::waitingCompletions);
        gauge("stepvault.chunks.sets.open", "Captures of which some chunks have come", PipelineState::openChunkSets);
        budget("stepvault.chunks", "Disk taken up by open chunk sets", PipelineState::chunks);
        budget(
                "stepvault.memory",
                "Memory taken up by captures and all else that grows with them",
                PipelineState::memory);
        budget(
                "stepvault.spool",
                "Disk taken up by the disk queue",
                state -> state.spool().bytes());
        gauge(
                "stepvault.spool.batches",
                "Session batches in the disk queue",
                state -> state.spool().batches());
        gauge(
                "stepvault.spool.batches.aside",
                "Session batches in the disk queue that fail while the store takes others",
                state -> state.spool().setAside());
        gauge(
                "stepvault.spool.oldest.seconds",
                "How long the oldest batch in the disk queue has lain there",
                state -> state.spool().oldest().toSeconds());
        Gauge.builder("stepvault.store.puts.in.flight", this, metrics -> metrics.putsInFlight)
                .description("Objects that are being written to the store")
                .register(registry);
        Gauge.builder("stepvault.store.puts.limit", this, metrics -> metrics.putsLimit)
                .description("How many objects may be written at once; falls while the store is overloaded")
                .register(registry);
        for (Rejection.Reason reason : Rejection.Reason.values()) {
            deadLetters(reason);
        }
    }

    /** A record was read. */
    public void recordConsumed() {
        recordsConsumed.increment();
    }

    /** Captures were not stored because their session has been deleted. */
    public void sessionDeleted(int steps) {
        stepsOfDeletedSessions.increment(steps);
    }

    /** A record was read again and skipped. */
    public void recordSkipped() {
        recordsSkipped.increment();
    }

    /** Commit metadata was not valid, and what it said is read again. */
    public void commitMetadataIgnored() {
        metadataIgnored.increment();
    }

    /** An open chunk set had to make room. */
    public void chunkSetDropped() {
        chunkSetsDropped.increment();
    }

    /** A batch was written to the disk queue. */
    public void batchSpooled(int steps) {
        stepsSpooled.increment(steps);
    }

    /**
     * A batch from the disk queue was stored.
     *
     * @param completed whether this worker completes it, as the owner of its partition
     */
    public void batchDrained(int steps, boolean completed) {
        (completed ? stepsDrained : stepsDrainedForOthers).increment(steps);
    }

    /** A batch on the disk was set aside. */
    public void batchSetAside() {
        batchesSetAside.increment();
    }

    /** A batch on the disk is damaged. */
    public void spooledBatchCorrupt() {
        batchesCorrupt.increment();
    }

    /** The disk took no batch. */
    public void spoolRefused() {
        spoolRefusals.increment();
    }

    /** The schema registry gave no answer. */
    public void registryFailed() {
        registryFailures.increment();
    }

    /** A record's key is not its session id: correct, but its session may spread over partitions. */
    public void keyDiffers() {
        keysDiffering.increment();
    }

    /** A dead letter was sent. */
    public void deadLettered(Rejection.Reason reason) {
        deadLetters(reason).increment();
    }

    /** Retention removed records before they were read. */
    public void offsetsLost(long count) {
        offsetsLost.increment((double) count);
    }

    /** A batch was closed and goes to the store. */
    public void batchFlushed(String trigger, int steps, long bytes) {
        Counter.builder("stepvault.batches.flushed")
                .description("Session batches closed, by what closed them")
                .tag("trigger", trigger.toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
        batchSteps.record(steps);
        batchBytes.record((double) bytes);
    }

    /** Captures were stored. */
    public void stepsStored(int steps, Duration took) {
        stepsStored.increment(steps);
        batchStored.record(took);
    }

    /** Storing failed and will be tried again. */
    public void storeFailed(String kind) {
        Counter.builder("stepvault.store.failures")
                .description("Attempts to store a batch that failed, by kind of failure")
                .tag("kind", kind)
                .register(registry)
                .increment();
    }

    /** So many objects are being written now, and so many may be. */
    public void putsAre(int inFlight, int limit) {
        putsInFlight = inFlight;
        putsLimit = limit;
    }

    /** Completions and offsets were committed. */
    public void committed(int completions) {
        commits.increment();
        completionsPublished.increment(completions);
    }

    /** A commit failed and will be tried again. */
    public void commitFailed(String why) {
        commitsFailed.increment();
        log.atWarn().addKeyValue("cause", why).log("Commit failed; will try again");
    }

    /** It was unknown for a while whether a commit went through. */
    public void commitRecovered(String why) {
        commitsRecovered.increment();
        log.atWarn().addKeyValue("cause", why).log("Commit was uncertain; went on from what the group has committed");
    }

    /** How full the pipeline is now. */
    public void pipelineIs(PipelineState now) {
        state = now;
    }

    private Counter deadLetters(Rejection.Reason reason) {
        return Counter.builder("stepvault.dead.letters")
                .description("Records sent to the dead-letter topic, by reason")
                .tag("reason", reason.code())
                .register(registry);
    }

    private void budget(String name, String description, Function<PipelineState, PipelineState.Budget> budget) {
        gauge(name + ".used.bytes", description, state -> budget.apply(state).used());
        gauge(
                name + ".limit.bytes",
                description + ": the limit",
                state -> budget.apply(state).limit());
    }

    private void gauge(String name, String description, ToDoubleFunction<PipelineState> value) {
        Gauge.builder(name, this, metrics -> value.applyAsDouble(metrics.state))
                .description(description)
                .register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }
}
