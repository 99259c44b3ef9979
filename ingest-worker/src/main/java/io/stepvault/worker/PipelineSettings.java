package io.stepvault.worker;

import io.stepvault.capture.CaptureRules;
import io.stepvault.worker.assemble.AssembleSettings;
import io.stepvault.worker.batch.BatchLimits;
import io.stepvault.worker.spool.SpoolSettings;
import io.stepvault.worker.store.StoreSettings;
import java.time.Duration;
import java.util.Optional;

/**
 * What the pipeline is told.
 *
 * @param rules which captures can be stored
 * @param memoryLimit bytes of captures in memory above which reading pauses
 * @param assemble how chunk sets are bounded
 * @param batch when a batch is full
 * @param store how the store is paced
 * @param spool how the disk queue treats what it cannot bring back
 * @param commitInterval how often offsets and completions are committed
 * @param maxWaitingCompletions a partition of which more wait is not read on
 * @param replayId marks completions as those of a replay; empty for live consumption
 */
public record PipelineSettings(
        CaptureRules rules,
        long memoryLimit,
        AssembleSettings assemble,
        BatchLimits batch,
        StoreSettings store,
        SpoolSettings spool,
        Duration commitInterval,
        int maxWaitingCompletions,
        Optional<String> replayId) {
    /** The same for a replay whose completions are marked with {@code id}. */
    public PipelineSettings ofReplay(String id) {
        return new PipelineSettings(
                rules,
                memoryLimit,
                assemble,
                batch,
                store,
                spool,
                commitInterval,
                maxWaitingCompletions,
                Optional.of(id));
    }
}
