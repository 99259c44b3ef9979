package io.stepvault.storage.object;

import java.time.Instant;

/**
 * A version of an object, or a delete marker, which says that the object was deleted at that time.
 *
 * @param id tells it from others of the same key
 * @param at when it was put, by the store's clock; some stores say no more than the second
 * @param size in bytes; 0 for a delete marker
 * @param isLatest whether readers see this one, or if it is a delete marker, nothing
 */
public record ObjectVersion(String key, String id, Instant at, long size, boolean isLatest, boolean isDeleteMarker) {}
