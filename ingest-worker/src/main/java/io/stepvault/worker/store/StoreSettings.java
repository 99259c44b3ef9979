package io.stepvault.worker.store;

import java.time.Duration;

/**
 * How the store stage paces itself.
 *
 * @param maxStepsInFlight no further batch is begun while this many captures are being stored
 * @param retryFirst how long a batch waits after its first failure
 * @param retryMax the longest that it waits, doubling each time
 * @param stalledAfter a store that has not answered for so long, while memory is full, counts as failing
 */
public record StoreSettings(int maxStepsInFlight, Duration retryFirst, Duration retryMax, Duration stalledAfter) {
    /** How long a batch waits after it failed for the {@code attempts}-th time. */
    Duration backOff(int attempts) {
        Duration wait = retryFirst.multipliedBy(1L << Math.min(attempts - 1, 16));
        return wait.compareTo(retryMax) < 0 ? wait : retryMax;
    }
}
