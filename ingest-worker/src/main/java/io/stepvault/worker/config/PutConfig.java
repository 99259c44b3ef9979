package io.stepvault.worker.config;

import io.stepvault.storage.Compression;
import io.stepvault.storage.s3.S3Options;
import java.time.Duration;

/**
 * How objects are written. Immutable; safe for any thread.
 *
 * @param maxInFlight {@code store.max.puts.in.flight}
 * @param timeout {@code store.put.timeout}
 * @param compression {@code store.compression}
 * @param writePath {@code store.s3.write-path}
 */
public record PutConfig(int maxInFlight, Duration timeout, Compression compression, S3Options.WritePath writePath) {
    /** @throws ConfigException with every value that is not allowed */
    public PutConfig {
        new Problems()
                .check(WorkerKeys.STORE_MAX_PUTS_IN_FLIGHT, maxInFlight)
                .check(WorkerKeys.STORE_PUT_TIMEOUT, timeout)
                .check(WorkerKeys.STORE_COMPRESSION, compression)
                .check(WorkerKeys.STORE_S3_WRITE_PATH, writePath)
                .throwIfAny();
    }
}
