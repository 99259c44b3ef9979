package io.stepvault.worker.assemble;

import io.stepvault.wire.ChunkHeader;
import io.stepvault.worker.assemble.ChunkStore.Piece;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.TrackedOffset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The chunks of one capture, as far as they have come. Only the pipeline's thread may touch it. */
final class ChunkSet {
    /** What its file takes up on the disk besides what is in it. */
    static final long FILE_BYTES = 4096;

    /** More repeats than chunks are no producer's retries. */
    private static final int FREE_REPEATS = 16;

    /** Its number in the {@link ChunkStore}. */
    final long number;

    /** Sets that were opened later have higher ones. A set that is read again keeps its age. */
    final long age;

    final ChunkHeader header;
    final TrackedOffset first;

    private final long readBeforeUpTo;
    private final TreeMap<Integer, Chunk> chunks = new TreeMap<>();
    private int records;
    private long pieceBytes;
    private long valueBytes;
    private long headBytes;
    private boolean dropped;
    private long lastOffset;
    private Duration lastSeen = Duration.ZERO;
    private long lastTimestamp = -1;

    /**
     * A set of which nothing is kept yet.
     *
     * @param readBeforeUpTo the last of its offsets that were read before, if it is read again; else -1
     */
    ChunkSet(long number, long age, ChunkHeader header, TrackedOffset first, long readBeforeUpTo) {
        this.number = number;
        this.age = age;
        this.header = header;
        this.first = first;
        this.readBeforeUpTo = readBeforeUpTo;
    }

    Assignment assignment() {
        return first.assignment();
    }

    /** Notes the record of a chunk. */
    void came(int index, int crc32c, TrackedOffset offset, long timestamp, Duration seen) {
        chunks.computeIfAbsent(index, key -> new Chunk(crc32c)).offsets.add(offset);
        records++;
        lastOffset = offset.offset();
        lastSeen = seen;
        lastTimestamp = Math.max(lastTimestamp, timestamp);
    }

    /** Notes where the chunk of an index, which has come, is kept. */
    void keep(int index, Piece piece, long recordBytes) {
        Chunk chunk = Objects.requireNonNull(chunks.get(index));
        chunk.piece = piece;
        chunk.recordBytes = recordBytes;
        headBytes = Math.max(headBytes, piece.bytes() - piece.valueBytes());
        pieceBytes += piece.bytes();
        valueBytes += piece.valueBytes();
    }

    boolean has(int index) {
        return chunks.containsKey(index);
    }

    /** Whether the chunk of this index that has come holds the same. */
    boolean isRepeated(int index, int crc32c) {
        Chunk chunk = chunks.get(index);
        return chunk != null && chunk.crc32c == crc32c;
    }

    /** Whether repeats are no longer worth keeping track of. */
    boolean hasTooManyRepeats() {
        return records - chunks.size() >= header.count() + FREE_REPEATS;
    }

    /** Whether this chunk would be the last that is missing. */
    boolean wouldComplete(int index) {
        return !dropped && !has(index) && chunks.size() == header.count() - 1;
    }

    boolean isComplete() {
        return !dropped && chunks.size() == header.count();
    }

    /** Whether all values together are as long as was announced. */
    boolean hasAnnouncedLength() {
        return valueBytes == header.totalBytes();
    }

    long valueBytes() {
        return valueBytes;
    }

    long bytesOnDisk() {
        return pieceBytes == 0 ? 0 : FILE_BYTES + pieceBytes;
    }

    /** What the whole of it may take up on the disk, as far as is known. */
    long bytesOnDiskWhenWhole() {
        return FILE_BYTES + header.totalBytes() + header.count() * headBytes;
    }

    /** Forgets what was kept, but not what has come. */
    void drop() {
        dropped = true;
        chunks.values().forEach(chunk -> chunk.piece = null);
        pieceBytes = 0;
        valueBytes = 0;
    }

    /** Whether what was kept of it is gone; it will be read again. */
    boolean isDropped() {
        return dropped;
    }

    /** Whether it is being read again, and has not come as far as before. */
    boolean isBehind() {
        return lastOffset < readBeforeUpTo && !assignment().isSettled(readBeforeUpTo);
    }

    List<Piece> piecesInOrder() {
        return chunks.values().stream()
                .map(chunk -> Objects.requireNonNull(chunk.piece))
                .toList();
    }

    Collection<Chunk> chunks() {
        return chunks.values();
    }

    List<TrackedOffset> allOffsets() {
        return chunks.values().stream()
                .flatMap(chunk -> chunk.offsets.stream())
                .sorted(Comparator.comparingLong(TrackedOffset::offset))
                .toList();
    }

    int recordCount() {
        return records;
    }

    long lastOffset() {
        return lastOffset;
    }

    boolean isOverdue(Duration seen, long passed, Duration timeout) {
        return seen.minus(lastSeen).compareTo(timeout) > 0
                || (lastTimestamp >= 0 && passed >= 0 && passed - lastTimestamp > timeout.toMillis());
    }

    /** A chunk, and the records that carried it: more than one if it came again. */
    static final class Chunk {
        private final int crc32c;
        private final List<TrackedOffset> offsets = new ArrayList<>(1);
        private @Nullable Piece piece;
        private long recordBytes;

        Chunk(int crc32c) {
            this.crc32c = crc32c;
        }

        /** Ascending. */
        List<TrackedOffset> offsets() {
            return offsets;
        }

        /** Where it is kept, of a set that is not dropped. */
        Piece piece() {
            return Objects.requireNonNull(piece);
        }

        /** What its record takes up in memory, in bytes. */
        long recordBytes() {
            return recordBytes;
        }
    }
}
