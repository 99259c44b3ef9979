package io.stepvault.wire;

import java.util.UUID;

/**
 * What each chunk of a set says of itself and of the whole. The chunks of a set, one after the other by index, are the
 * bytes of one record that was too large to be sent as one. All chunks of a set say the same but for the index; how the
 * whole is cut is up to the sender, only no chunk of several is empty.
 *
 * <p>Immutable; safe for any thread.
 *
 * @param id tells the set from all others: 16 bytes, random or made from what is unique; most significant byte first
 * @param index which chunk this is, from 0
 * @param count how many chunks there are; at least 1, and not more than there are bytes
 * @param totalBytes length of the whole; what a stranger announced, so it may be far more than can be held
 * @param crc32c CRC-32C of the whole, as {@link java.util.zip.CRC32C#getValue} gives it
 */
public record ChunkHeader(UUID id, int index, int count, long totalBytes, long crc32c) {
    private static final long MAX_CRC = 0xFFFF_FFFFL;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public ChunkHeader {
        if (count < 1) {
            throw new IllegalArgumentException("a set has " + count + " chunks; expected at least 1");
        }
        if (index < 0 || index >= count) {
            throw new IllegalArgumentException(
                    "chunk " + index + " of a set of " + count + " chunks; expected 0 to " + (count - 1));
        }
        if (totalBytes < 0) {
            throw new IllegalArgumentException("a set has " + totalBytes + " bytes; expected at least 0");
        }
        if (count > Math.max(1, totalBytes)) {
            throw new IllegalArgumentException(
                    "a set has " + count + " chunks for " + totalBytes + " bytes; expected no more chunks than bytes");
        }
        if (crc32c < 0 || crc32c > MAX_CRC) {
            throw new IllegalArgumentException("a CRC-32C is " + crc32c + "; expected 0 to " + MAX_CRC);
        }
    }

    /** Whether this chunk is the set's last. */
    public boolean isLast() {
        return index == count - 1;
    }

    /** Whether another chunk may be of the same set: it says the same but for the index. */
    public boolean isOfSameSet(ChunkHeader other) {
        return id.equals(other.id) && count == other.count && totalBytes == other.totalBytes && crc32c == other.crc32c;
    }
}
