package io.stepvault.worker.config;

import io.stepvault.storage.Compression;
import java.time.Duration;

/**
 * How objects are written. Immutable; safe for any thread.
 *
 * @param maxInFlight {@code store.max.puts.in.flight}
 * @param timeout {@code store.put.timeout}
 * @param compression {@code store.compression}
 */
public record PutConfig(int maxInFlight, Duration timeout, Compression compression) {
    /** @throws ConfigException with every value that is not allowed */
    public PutConfig {
        new Problems()
                .check(WorkerKeys.STORE_MAX_PUTS_IN_FLIGHT, maxInFlight)
                .check(WorkerKeys.STORE_PUT_TIMEOUT, timeout)
                .check(WorkerKeys.STORE_COMPRESSION, compression)
                .throwIfAny();
    }
}
