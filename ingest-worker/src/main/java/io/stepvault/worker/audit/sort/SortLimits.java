package io.stepvault.worker.audit.sort;

/**
 * What a sort may take.
 *
 * @param runBytes memory in which a piece is sorted before it is written, in bytes, at least 1
 * @param fanIn how many files are merged at once, at least 2; each takes 64 KiB of memory meanwhile
 */
public record SortLimits(long runBytes, int fanIn) {
    /** 16 MiB, and 64 files: a billion entries of 200 bytes are written to the disk three times. */
    public static final SortLimits DEFAULT = new SortLimits(16L << 20, 64);

    /** Checks the bounds. */
    public SortLimits {
        if (runBytes < 1 || fanIn < 2) {
            throw new IllegalArgumentException("a sort takes at least 1 byte and merges at least 2 files");
        }
    }
}
