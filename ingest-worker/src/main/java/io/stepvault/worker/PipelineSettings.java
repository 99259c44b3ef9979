package io.stepvault.worker;

import io.stepvault.capture.CaptureRules;
import io.stepvault.worker.batch.BatchLimits;
import io.stepvault.worker.store.StoreSettings;
import java.time.Duration;

/**
 * What the pipeline is told.
 *
 * @param rules which captures can be stored
 * @param memoryLimit bytes of captures in memory above which reading pauses
 * @param batch when a batch is full
 * @param store how the store is paced
 * @param commitInterval how often offsets and completions are committed
 */
record PipelineSettings(
        CaptureRules rules, long memoryLimit, BatchLimits batch, StoreSettings store, Duration commitInterval) {}
