package io.stepvault.worker.spool;

import java.time.Instant;
import java.util.List;

/**
 * A batch in the disk queue as it is remembered in memory: without its payload.
 *
 * @param file the name of its file within the spool directory; batches that waited together share one
 * @param position where its block begins in the file, in bytes
 * @param bytes what it takes up in the file
 * @param captures how many captures it holds
 * @param firstOffset the offset of its first capture
 * @param offsets the offsets of all records that carried its captures, ascending
 * @param writtenAt when its file was written
 */
public record SpoolEntry(
        String file,
        long position,
        long bytes,
        BatchOrigin origin,
        String sessionId,
        int captures,
        long firstOffset,
        List<Long> offsets,
        Instant writtenAt) {
    /** Copies. */
    public SpoolEntry {
        offsets = List.copyOf(offsets);
    }

    /** The entry of a batch that lies at {@code position} of {@code file}. */
    public static SpoolEntry of(SpooledBatch batch, String file, long position, long bytes, Instant writtenAt) {
        List<Long> offsets = batch.captures().stream()
                .flatMap(capture -> capture.offsets().stream())
                .sorted()
                .toList();
        List<Long> first = batch.captures().get(0).offsets();
        return new SpoolEntry(
                file,
                position,
                bytes,
                batch.origin(),
                batch.sessionId(),
                batch.captures().size(),
                first.get(first.size() - 1),
                offsets,
                writtenAt);
    }
}
