package io.stepvault.storage.object;

import java.time.Instant;

/**
 * What a store says of an object without its bytes.
 *
 * @param size in bytes
 * @param lastModified by the store's clock
 */
public record ObjectInfo(String key, long size, Instant lastModified) {}
