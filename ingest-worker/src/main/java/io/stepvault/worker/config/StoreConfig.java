package io.stepvault.worker.config;

import java.net.URI;

/**
 * Where captures are stored and how uploads behave. Immutable; safe for any thread.
 *
 * @param uri {@code store.uri}: {@code s3://bucket/prefix} or {@code file:///directory}
 * @param puts how objects are written
 * @param retry how one object is retried
 * @param breaker when uploads are held back altogether
 * @param spool where batches wait meanwhile
 */
public record StoreConfig(URI uri, PutConfig puts, RetryConfig retry, BreakerConfig breaker, SpoolConfig spool) {
    /** @throws ConfigException if the URI is none of a store */
    public StoreConfig {
        new Problems().check(WorkerKeys.STORE_URI, uri).throwIfAny();
    }

    /** The same with objects written in another way. */
    public StoreConfig withPuts(PutConfig other) {
        return new StoreConfig(uri, other, retry, breaker, spool);
    }
}
