package io.stepvault.worker.metrics;

/**
 * How full the pipeline is at one moment.
 *
 * @param partitions partitions that the worker holds
 * @param openBatches session batches that are being gathered
 * @param waitingBatches session batches that wait for the store
 * @param stepsInFlight captures that are being stored
 * @param waitingCompletions completions that wait to be published
 * @param memoryUsed bytes of captures in memory
 * @param memoryLimit bytes above which reading pauses
 * @param full whether reading pauses
 */
public record PipelineState(
        int partitions,
        int openBatches,
        int waitingBatches,
        int stepsInFlight,
        int waitingCompletions,
        long memoryUsed,
        long memoryLimit,
        boolean full) {
    static final PipelineState EMPTY = new PipelineState(0, 0, 0, 0, 0, 0, 0, false);
}
