package io.stepvault.worker.assemble;

import io.stepvault.capture.Rejection;
import io.stepvault.wire.ChunkHeader;
import io.stepvault.worker.assemble.ChunkStore.Piece;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.TrackedOffset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The chunks of one capture, as far as they have come. Only the pipeline's thread may touch it. */
final class ChunkSet {
    /** Its number in the {@link ChunkStore}; later sets have higher ones. */
    final long number;

    final Assignment assignment;
    final ChunkHeader header;
    final TrackedOffset first;

    // By index. A chunk that came again is not kept again, but its record is settled with the one before.
    private final TreeMap<Integer, Piece> pieces = new TreeMap<>();
    private final TreeMap<Integer, List<TrackedOffset>> offsets = new TreeMap<>();
    private long bytesOnDisk;
    private long valueBytes;
    private Duration lastSeen = Duration.ZERO;
    private long lastTimestamp = Long.MIN_VALUE;

    /** Whether its file was dropped to make room for older ones; it will be read again. */
    boolean isDropped;

    /** Why it is given up, or null if it is not. */
    @Nullable
    Rejection givenUp;

    ChunkSet(long number, Assignment assignment, ChunkHeader header, TrackedOffset first) {
        this.number = number;
        this.assignment = assignment;
        this.header = header;
        this.first = first;
    }

    /** Notes the record of a chunk. */
    void came(ChunkHeader chunk, TrackedOffset offset, long timestamp, Duration seen) {
        offsets.computeIfAbsent(chunk.index(), index -> new ArrayList<>()).add(offset);
        lastSeen = seen;
        lastTimestamp = Math.max(lastTimestamp, timestamp);
    }

    boolean has(int index) {
        return pieces.containsKey(index);
    }

    void keep(int index, Piece piece) {
        pieces.put(index, piece);
        bytesOnDisk += piece.bytes();
        valueBytes += piece.valueBytes();
    }

    /** Whether this chunk would be the last that is missing. */
    boolean wouldComplete(ChunkHeader chunk) {
        return !isDropped && !has(chunk.index()) && pieces.size() == header.count() - 1;
    }

    boolean isComplete() {
        return pieces.size() == header.count();
    }

    /** Whether all values together are as long as was announced. */
    boolean hasAnnouncedLength() {
        return valueBytes == header.totalBytes();
    }

    long valueBytes() {
        return valueBytes;
    }

    long bytesOnDisk() {
        return bytesOnDisk;
    }

    List<Piece> piecesInOrder() {
        return List.copyOf(pieces.values());
    }

    List<TrackedOffset> allOffsets() {
        return offsets.values().stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingLong(TrackedOffset::offset))
                .toList();
    }

    int recordCount() {
        return offsets.values().stream().mapToInt(List::size).sum();
    }

    boolean isOverdue(Duration seen, long timestamp, Duration timeout) {
        return seen.minus(lastSeen).compareTo(timeout) > 0
                || (lastTimestamp >= 0 && timestamp - lastTimestamp > timeout.toMillis());
    }

    void dropFile() {
        isDropped = true;
        pieces.clear();
        bytesOnDisk = 0;
        valueBytes = 0;
    }

    /** What {@link #takeNext} would take out, in bytes. */
    long nextBytes() {
        return pieces.isEmpty() ? 0 : pieces.firstEntry().getValue().bytes();
    }

    /** Takes one chunk out, the first by index, with the records that carried it; empty if none is left. */
    Optional<Chunk> takeNext() {
        Map.Entry<Integer, Piece> next = pieces.pollFirstEntry();
        if (next == null) {
            return Optional.empty();
        }
        bytesOnDisk -= next.getValue().bytes();
        List<TrackedOffset> carriers = offsets.remove(next.getKey());
        return Optional.of(new Chunk(next.getValue(), carriers == null ? List.of() : carriers));
    }

    /** A chunk, and the records that carried it. */
    record Chunk(Piece piece, List<TrackedOffset> offsets) {}
}
