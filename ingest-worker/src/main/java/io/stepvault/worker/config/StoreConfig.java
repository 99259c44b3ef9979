package io.stepvault.worker.config;

import java.net.URI;
import java.time.Duration;

/**
 * Where captures are stored and how uploads behave. Immutable; safe for any thread.
 *
 * @param uri {@code store.uri}: {@code s3://bucket/prefix} or {@code file:///directory}
 * @param maxPutsInFlight {@code store.max.puts.in.flight}
 * @param putTimeout {@code store.put.timeout}
 * @param retry how one object is retried
 * @param breaker when uploads are held back altogether
 * @param spool where batches wait meanwhile
 */
public record StoreConfig(
        URI uri,
        int maxPutsInFlight,
        Duration putTimeout,
        RetryConfig retry,
        BreakerConfig breaker,
        SpoolConfig spool) {
    /** @throws ConfigException with every value that is not allowed */
    public StoreConfig {
        new Problems()
                .check(WorkerKeys.STORE_URI, uri)
                .check(WorkerKeys.STORE_MAX_PUTS_IN_FLIGHT, maxPutsInFlight)
                .check(WorkerKeys.STORE_PUT_TIMEOUT, putTimeout)
                .throwIfAny();
    }
}
