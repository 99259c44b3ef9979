package io.stepvault.wire;

import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Cuts the bytes of a record that is too large into the chunks of one set, all of the same size but the last. Keeps the
 * given array, does not copy it as a whole, and expects that nobody changes it.
 *
 * <p>Immutable; safe for any thread.
 */
public final class Chunking {
    private final UUID id;
    private final byte[] whole;
    private final int chunkBytes;
    private final long crc32c;

    /**
     * Goes over the whole once, for its checksum.
     *
     * @param id the set's id: the same bytes cut again under the same id give the same chunks
     * @param chunkBytes the size of each chunk but the last; at least 1
     */
    public Chunking(UUID id, byte[] whole, int chunkBytes) {
        if (chunkBytes < 1) {
            throw new IllegalArgumentException("chunks of " + chunkBytes + " bytes; expected at least 1");
        }
        this.id = id;
        this.whole = whole;
        this.chunkBytes = chunkBytes;
        CRC32C checksum = new CRC32C();
        checksum.update(whole);
        this.crc32c = checksum.getValue();
    }

    /** How many chunks there are; one, and empty, for no bytes. */
    public int count() {
        return Math.max(1, (int) (((long) whole.length + chunkBytes - 1) / chunkBytes));
    }

    /**
     * What a chunk says of itself.
     *
     * @param index from 0 to {@link #count} - 1
     */
    public ChunkHeader header(int index) {
        return new ChunkHeader(id, index, count(), whole.length, crc32c);
    }

    /** Where a chunk begins in the whole. */
    public int offset(int index) {
        return Objects.checkIndex(index, count()) * chunkBytes;
    }

    /** How many bytes a chunk has. */
    public int length(int index) {
        return Math.min(chunkBytes, whole.length - offset(index));
    }

    /** A copy of a chunk's bytes. */
    public byte[] bytes(int index) {
        int offset = offset(index);
        return Arrays.copyOfRange(whole, offset, offset + length(index));
    }
}
