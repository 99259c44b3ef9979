package io.stepvault.worker.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.stepvault.capture.Rejection;
import java.time.Duration;
import java.util.Locale;
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
    private final Counter keysDiffering;
    private final Counter offsetsLost;
    private final DistributionSummary batchSteps;
    private final DistributionSummary batchBytes;
    private final Counter stepsStored;
    private final Timer batchStored;
    private final Counter completionsPublished;
    private final Counter commits;
    private final Counter commitsFailed;
    private volatile PipelineState state = PipelineState.EMPTY;

    /** Meters in {@code registry}. */
    public WorkerMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.recordsConsumed = counter("stepvault.records.consumed", "Records read from the topic");
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
        this.batchStored = Timer.builder("stepvault.store.duration")
                .description("Time from beginning to store a batch until it is readable")
                .publishPercentileHistogram()
                .register(registry);
        this.completionsPublished = counter("stepvault.completions.published", "Completion events published");
        this.commits = counter("stepvault.commits", "Commits of offsets");
        this.commitsFailed = counter("stepvault.commits.failed", "Commits of offsets that failed and are tried again");
        gauge("stepvault.partitions.assigned", "Partitions that this worker holds", PipelineState::partitions);
        gauge(
                "stepvault.partitions.paused",
                "1 while reading pauses because memory is full",
                state -> state.full() ? 1 : 0);
        gauge("stepvault.batches.open", "Session batches that are being gathered", PipelineState::openBatches);
        gauge("stepvault.batches.waiting", "Session batches that wait for the store", PipelineState::waitingBatches);
        gauge("stepvault.steps.in.flight", "Captures that are being stored", PipelineState::stepsInFlight);
        gauge(
                "stepvault.completions.waiting",
                "Completions that wait to be published",
                PipelineState::waitingCompletions);
        gauge("stepvault.memory.used.bytes", "Bytes of captures in memory", PipelineState::memoryUsed);
        gauge(
                "stepvault.memory.limit.bytes",
                "Bytes of captures above which reading pauses",
                PipelineState::memoryLimit);
        for (Rejection.Reason reason : Rejection.Reason.values()) {
            rejections(reason);
        }
    }

    /** A record was read. */
    public void recordConsumed() {
        recordsConsumed.increment();
    }

    /** A record's key is not its session id: correct, but its session may spread over partitions. */
    public void keyDiffers() {
        keysDiffering.increment();
    }

    /** A record can never be stored. */
    public void rejected(Rejection.Reason reason) {
        rejections(reason).increment();
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

    /** How full the pipeline is now. */
    public void pipelineIs(PipelineState now) {
        state = now;
    }

    private Counter rejections(Rejection.Reason reason) {
        return Counter.builder("stepvault.captures.rejected")
                .description("Records that can never be stored, by reason")
                .tag("reason", reason.code())
                .register(registry);
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
