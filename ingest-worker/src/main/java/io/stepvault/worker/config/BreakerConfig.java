package io.stepvault.worker.config;

import java.time.Duration;

/**
 * When the circuit breaker in front of the store opens, and for how long. Immutable; safe for any thread.
 *
 * @param failureRate {@code store.breaker.failure.rate}, in percent
 * @param minimumCalls {@code store.breaker.minimum.calls}
 * @param openFor {@code store.breaker.open.for}
 */
public record BreakerConfig(int failureRate, int minimumCalls, Duration openFor) {
    /** @throws ConfigException with every value that is not allowed */
    public BreakerConfig {
        new Problems()
                .check(WorkerKeys.STORE_BREAKER_FAILURE_RATE, failureRate)
                .check(WorkerKeys.STORE_BREAKER_MINIMUM_CALLS, minimumCalls)
                .check(WorkerKeys.STORE_BREAKER_OPEN_FOR, openFor)
                .throwIfAny();
    }
}
