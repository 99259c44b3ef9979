package io.stepvault.storage.object;

import java.time.Instant;

/**
 * An upload that was begun and not finished: nobody can read it, but it takes room.
 *
 * @param key what it would have become; on a file system, its temporary file
 * @param id tells it from others of the same key
 * @param begunAt by the store's clock
 */
public record UnfinishedUpload(String key, String id, Instant begunAt) {}
