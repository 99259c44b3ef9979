package io.stepvault.worker.config;

import java.time.Duration;

/**
 * When a session batch is flushed. Immutable; safe for any thread.
 *
 * @param maxAge {@code batch.max.age}
 * @param maxBytes {@code batch.max.bytes}
 * @param maxSteps {@code batch.max.steps}
 */
public record BatchConfig(Duration maxAge, ByteSize maxBytes, int maxSteps) {
    /** @throws ConfigException with every value that is not allowed */
    public BatchConfig {
        new Problems()
                .check(WorkerKeys.BATCH_MAX_AGE, maxAge)
                .check(WorkerKeys.BATCH_MAX_BYTES, maxBytes)
                .check(WorkerKeys.BATCH_MAX_STEPS, maxSteps)
                .throwIfAny();
    }
}
