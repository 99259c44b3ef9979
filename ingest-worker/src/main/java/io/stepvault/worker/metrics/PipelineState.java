package io.stepvault.worker.metrics;

import java.time.Duration;

/**
 * How full the pipeline is at one moment.
 *
 * @param partitions partitions that the worker holds
 * @param pausedPartitions those that are not read for now
 * @param partitionsWithoutSchema those of them that wait for a schema of the registry
 * @param openBatches session batches that are being gathered
 * @param waitingBatches session batches that wait in memory for the store
 * @param stepsInFlight captures that are being stored
 * @param waitingCompletions completions and dead letters that wait to be published
 * @param openChunkSets captures of which some chunks have come
 * @param spool what lies on the disk
 * @param memory captures and all else that grows with them
 * @param chunks disk taken up by open chunk sets
 */
public record PipelineState(
        int partitions,
        int pausedPartitions,
        int partitionsWithoutSchema,
        int openBatches,
        int waitingBatches,
        int stepsInFlight,
        int waitingCompletions,
        int openChunkSets,
        Spool spool,
        Budget memory,
        Budget chunks) {
    static final PipelineState EMPTY = new PipelineState(
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            new Spool(0, 0, Duration.ZERO, new Budget(0, 0)),
            new Budget(0, 0),
            new Budget(0, 0));

    /**
     * A budget and its use, in bytes.
     *
     * @param limit what may be used
     */
    public record Budget(long used, long limit) {}

    /**
     * The disk queue.
     *
     * @param batches batches in it
     * @param setAside those of them that fail while the store takes others
     * @param oldest how long its oldest batch has lain there
     */
    public record Spool(int batches, int setAside, Duration oldest, Budget bytes) {}
}
