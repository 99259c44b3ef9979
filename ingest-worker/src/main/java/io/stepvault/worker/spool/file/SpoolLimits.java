package io.stepvault.worker.spool.file;

/**
 * How much the disk queue may take.
 *
 * @param maxBytes of all its files, those moved aside included
 * @param minFreeBytes what must be left on the disk for others
 * @param maxBatches in all its files, since each is remembered in memory
 */
public record SpoolLimits(long maxBytes, long minFreeBytes, int maxBatches) {
    /** @throws IllegalArgumentException if one is negative */
    public SpoolLimits {
        if (maxBytes < 0 || minFreeBytes < 0 || maxBatches < 0) {
            throw new IllegalArgumentException("limits of the disk queue are 0 or more");
        }
    }
}
