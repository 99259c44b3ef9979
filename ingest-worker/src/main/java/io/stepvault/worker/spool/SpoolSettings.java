package io.stepvault.worker.spool;

import java.time.Duration;

/**
 * How the disk queue treats what it cannot bring back.
 *
 * @param entriesMaxBytes memory that the entries of spooled batches may take up, in bytes
 * @param setAsideAfter so many failures of its own, while the store takes others, set a batch aside
 * @param setAsideMax how long a batch is tried again after that, before those of its captures that still fail become
 *     dead letters
 * @param retryFirst how long a batch waits after its first failure
 * @param retryMax the longest that it waits, doubling each time
 */
public record SpoolSettings(
        long entriesMaxBytes, int setAsideAfter, Duration setAsideMax, Duration retryFirst, Duration retryMax) {
    /** How long a batch waits after it failed for the {@code failures}-th time. */
    Duration backOff(int failures) {
        Duration wait = retryFirst.multipliedBy(1L << Math.min(failures - 1, 16));
        return wait.compareTo(retryMax) < 0 ? wait : retryMax;
    }
}
