package io.stepvault.worker.config;

import java.time.Duration;
import java.util.List;

/**
 * How the upload of one object is retried. Immutable; safe for any thread.
 *
 * @param maxAttempts {@code store.retry.max.attempts}, the first attempt included
 * @param initialInterval {@code store.retry.initial.interval}
 * @param maxInterval {@code store.retry.max.interval}, not less than the initial one
 */
public record RetryConfig(int maxAttempts, Duration initialInterval, Duration maxInterval) {
    /** @throws ConfigException with every value that is not allowed */
    public RetryConfig {
        new Problems()
                .check(WorkerKeys.STORE_RETRY_MAX_ATTEMPTS, maxAttempts)
                .check(WorkerKeys.STORE_RETRY_INITIAL_INTERVAL, initialInterval)
                .check(WorkerKeys.STORE_RETRY_MAX_INTERVAL, maxInterval)
                .addAll(intervalOrder(initialInterval, maxInterval))
                .throwIfAny();
    }

    static List<Problem> intervalOrder(Duration initialInterval, Duration maxInterval) {
        if (initialInterval.compareTo(maxInterval) <= 0) {
            return List.of();
        }
        return List.of(new Problem(
                WorkerKeys.STORE_RETRY_MAX_INTERVAL.name(),
                "'" + DurationText.format(maxInterval) + "' is less than store.retry.initial.interval ("
                        + DurationText.format(initialInterval) + "); raise it or lower that"));
    }
}
