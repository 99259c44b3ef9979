package io.stepvault.worker.spool.file;

import io.stepvault.worker.spool.SpoolEntry;
import java.time.Instant;
import java.util.List;

/**
 * A spool file that was read from end to end.
 *
 * @param name within its directory
 * @param bytes its length
 * @param writtenAt when it was written, by its name
 * @param batches those that are intact, in the order they lie in it
 * @param condition what it is in
 * @param problem what is wrong with it and where; empty if nothing is
 */
public record ScannedFile(
        String name, long bytes, Instant writtenAt, List<SpoolEntry> batches, Condition condition, String problem) {
    /** What a file is in. */
    public enum Condition {
        /** All is as it was written. */
        INTACT,
        /** Some of it is torn or corrupt; what was found intact can be relied on. */
        DAMAGED,
        /** It is in a format that this version does not know. */
        OTHER_VERSION,
        /** It could not be read, or not to its end. */
        UNREADABLE
    }

    /** Copies. */
    public ScannedFile {
        batches = List.copyOf(batches);
    }
}
