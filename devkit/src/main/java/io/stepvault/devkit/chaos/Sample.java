package io.stepvault.devkit.chaos;

import java.time.Duration;
import java.util.Optional;

/**
 * The whole system at a moment; what a worker does not tell just then counts as zero.
 *
 * @param at since the run began
 * @param lag records that are neither stored nor dead-lettered; empty while no broker tells
 * @param members of the group; empty while no broker tells
 * @param consumed records that workers have read since they began, by those that run or ran
 * @param completed captures that were completed since the run began
 * @param workers their state, summed up
 */
record Sample(
        Duration at, Optional<Long> lag, Optional<Integer> members, long consumed, long completed, Workers workers) {
    /**
     * All workers together.
     *
     * @param answering how many told anything
     * @param paused partitions that are not read for now
     * @param spoolBytes on their disks
     * @param held batches on the disk, and in memory on their way
     * @param largestResidentBytes of the largest process
     * @param rebalances that they have gone through since they began, by those that run or ran
     */
    record Workers(
            int answering, long paused, long spoolBytes, long held, long largestResidentBytes, long rebalances) {}
}
