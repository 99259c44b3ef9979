package io.stepvault.worker.assemble;

import io.stepvault.capture.Rejection;
import io.stepvault.capture.Rejection.Reason;
import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.ChunkHeader;
import io.stepvault.worker.assemble.ChunkStore.Piece;
import io.stepvault.worker.commit.CommitInput;
import io.stepvault.worker.commit.Settlement;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.DeadLetter;
import io.stepvault.worker.flow.MemoryBudget;
import io.stepvault.worker.flow.SourceRecord;
import io.stepvault.worker.flow.TrackedOffset;
import io.stepvault.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Puts captures that came in chunks together again. Records of other captures may lie between, chunks may come again or
 * out of order; what cannot be made whole is dead-lettered chunk by chunk, as it was sent.
 *
 * <p>Open sets are kept in a {@link ChunkStore} within a budget. Beyond it the youngest set is dropped, its partition is
 * read on, and the reader goes back to it when there is room: the oldest always has room to become whole.
 *
 * <p>Pure but for the store that it calls; only the pipeline's thread may touch it.
 */
public final class ChunkAssembler implements RecordInput {
    private final AssembleSettings settings;
    private final ChunkStore store;
    private final Whole whole;
    private final CommitInput deadLetters;
    private final MemoryBudget memory;
    private final WorkerMetrics metrics;

    private final Map<Key, ChunkSet> open = new HashMap<>();
    // Opened earlier comes first. Those that are given up are no longer among them.
    private final TreeMap<Long, ChunkSet> byAge = new TreeMap<>();
    private final Deque<ChunkSet> givenUp = new ArrayDeque<>();
    private final Map<Assignment, PartitionTime> times = new HashMap<>();
    private long nextNumber;
    private long bytes;

    /** An assembler that passes whole records on to {@code whole}. */
    public ChunkAssembler(
            AssembleSettings settings,
            ChunkStore store,
            Whole whole,
            CommitInput deadLetters,
            MemoryBudget memory,
            WorkerMetrics metrics) {
        this.settings = settings;
        this.store = store;
        this.whole = whole;
        this.deadLetters = deadLetters;
        this.memory = memory;
        this.metrics = metrics;
    }

    @Override
    public long bytesNeededFor(Assignment assignment, SourceRecord record) {
        if (!ChunkFormat.CAPTURES.isChunk(lookup(record))) {
            return record.size();
        }
        if (ChunkFormat.CAPTURES.parse(lookup(record)) instanceof ChunkFormat.Parsed.Chunk chunk) {
            ChunkHeader header = chunk.header();
            ChunkSet set = open.get(new Key(assignment, header.id()));
            return set != null && set.header.isOfSameSet(header) && set.wouldComplete(header)
                    ? set.valueBytes() + record.size()
                    : 0;
        }
        return record.size();
    }

    @Override
    public void accept(SourceRecord record, TrackedOffset offset) {
        time(offset.assignment()).read(record.timestamp());
        if (!ChunkFormat.CAPTURES.isChunk(lookup(record))) {
            whole.accept(record, List.of(offset));
        } else if (ChunkFormat.CAPTURES.parse(lookup(record)) instanceof ChunkFormat.Parsed.Chunk chunk) {
            accept(chunk.header(), record, offset);
        } else if (ChunkFormat.CAPTURES.parse(lookup(record)) instanceof ChunkFormat.Parsed.Invalid invalid) {
            deadLetter(new Rejection(Reason.INVALID_CHUNK, invalid.detail()), record, List.of(offset));
        }
    }

    private void accept(ChunkHeader header, SourceRecord record, TrackedOffset offset) {
        Key key = new Key(offset.assignment(), header.id());
        ChunkSet set = open.get(key);
        if (set != null && !set.header.isOfSameSet(header)) {
            deadLetter(
                    new Rejection(Reason.INVALID_CHUNK, "the chunk contradicts those before it of the same set"),
                    record,
                    List.of(offset));
            return;
        }
        if (set == null) {
            Optional<Rejection> rejection = whyNotOpened(header);
            if (rejection.isPresent()) {
                deadLetter(rejection.get(), record, List.of(offset));
                return;
            }
            set = new ChunkSet(nextNumber++, offset.assignment(), header, offset);
            open.put(key, set);
            byAge.put(set.number, set);
        }
        set.came(header, offset, record.timestamp(), time(offset.assignment()).atEnd);
        if (!set.isDropped && !set.has(header.index())) {
            keep(set, header, record);
        }
        if (set.givenUp == null && set.isComplete()) {
            complete(set, record);
        }
    }

    private Optional<Rejection> whyNotOpened(ChunkHeader header) {
        if (header.totalBytes() > settings.maxSetBytes()) {
            return Optional.of(new Rejection(
                    Reason.TOO_LARGE,
                    "the chunk's set announces " + header.totalBytes() + " bytes; at most " + settings.maxCaptureBytes()
                            + " are allowed"));
        }
        return header.index() == 0
                ? Optional.empty()
                : Optional.of(new Rejection(
                        Reason.INCOMPLETE_CHUNKS,
                        "chunk " + header.index() + " came, but the first of its " + header.count() + " did not"));
    }

    private void keep(ChunkSet set, ChunkHeader header, SourceRecord record) {
        if (set.valueBytes() + record.size() > header.totalBytes()) {
            giveUp(
                    set,
                    new Rejection(
                            Reason.CORRUPT_CHUNKS,
                            "the chunks hold more than the " + header.totalBytes() + " bytes announced"));
        }
        Optional<Piece> piece = store.append(set.number, record);
        if (piece.isEmpty()) {
            drop(set); // The disk fails, which is not the capture's fault: it is read again.
            return;
        }
        set.keep(header.index(), piece.get());
        bytes += piece.get().bytes();
        for (ChunkSet youngest : List.copyOf(byAge.descendingMap().values())) {
            if (bytes > settings.maxBytes() && youngest != byAge.firstEntry().getValue() && !youngest.isDropped) {
                drop(youngest);
            }
        }
    }

    private void drop(ChunkSet set) {
        bytes -= set.bytesOnDisk();
        set.dropFile();
        store.drop(set.number);
        metrics.chunkSetDropped();
    }

    private void complete(ChunkSet set, SourceRecord last) {
        Optional<byte[]> value =
                set.hasAnnouncedLength() ? store.readValues(set.number, set.piecesInOrder()) : Optional.empty();
        if (!set.hasAnnouncedLength()) {
            giveUp(
                    set,
                    new Rejection(
                            Reason.CORRUPT_CHUNKS,
                            "the chunks hold " + set.valueBytes() + " bytes; " + set.header.totalBytes()
                                    + " were announced"));
        } else if (value.isEmpty()) {
            drop(set);
        } else if (crc32c(value.get()) != set.header.crc32c()) {
            giveUp(set, new Rejection(Reason.CORRUPT_CHUNKS, "the chunks' CRC-32C is not the one announced"));
        } else {
            forget(set);
            whole.accept(
                    new SourceRecord(last.key(), value.get(), headersOfWhole(last), last.timestamp()),
                    set.allOffsets());
        }
    }

    /** Gives a set up: no further chunk of it is kept, and what there is becomes dead letters. */
    private void giveUp(ChunkSet set, Rejection why) {
        if (set.givenUp == null) {
            set.givenUp = why;
            open.remove(new Key(set.assignment, set.header.id()));
            byAge.remove(set.number);
            givenUp.add(set);
        }
    }

    private void forget(ChunkSet set) {
        open.remove(new Key(set.assignment, set.header.id()));
        byAge.remove(set.number);
        bytes -= set.bytesOnDisk();
        store.drop(set.number);
    }

    /**
     * Gives up what is overdue, brings dead letters on their way as memory allows, and goes back to what was dropped.
     *
     * @param now the worker's clock: a record's time counts only as far as it may be true
     */
    public void tick(Instant now) {
        for (ChunkSet set : List.copyOf(byAge.values())) {
            PartitionTime time = time(set.assignment);
            if (!set.isDropped
                    && set.isOverdue(time.atEnd, Math.min(time.newest, now.toEpochMilli()), settings.timeout())) {
                giveUp(set, incomplete(set));
            }
        }
        for (ChunkSet next = givenUp.peek(); next != null && memory.hasRoom(next.nextBytes()); next = givenUp.peek()) {
            deadLetterNext(next);
        }
        readDroppedAgain();
    }

    private static Rejection incomplete(ChunkSet set) {
        return new Rejection(
                Reason.INCOMPLETE_CHUNKS,
                set.piecesInOrder().size() + " of " + set.header.count() + " chunks came, and then none for too long");
    }

    private void deadLetterNext(ChunkSet set) {
        long before = set.bytesOnDisk();
        Optional<ChunkSet.Chunk> next = set.takeNext();
        bytes -= before - set.bytesOnDisk();
        Rejection why = set.givenUp;
        if (next.isEmpty() || why == null) {
            givenUp.remove(set);
            store.drop(set.number);
            return;
        }
        Optional<SourceRecord> record = store.read(set.number, next.get().piece());
        if (record.isPresent()) {
            deadLetter(why, record.get(), next.get().offsets());
        } else {
            next.get().offsets().forEach(TrackedOffset::readAgain);
        }
    }

    /** The oldest first, and only if the whole of it will fit: else it would be dropped again. */
    private void readDroppedAgain() {
        for (ChunkSet set : List.copyOf(byAge.values())) {
            if (set.isDropped) {
                if (bytes + set.header.totalBytes() > settings.maxBytes() && bytes > 0) {
                    return;
                }
                forget(set);
                set.allOffsets().forEach(TrackedOffset::readAgain);
                return;
            }
        }
    }

    /** Notes that a partition was read to its end, for so long: only then a set can be late. */
    public void wasAtEnd(Assignment assignment, Duration time) {
        time(assignment).atEnd = time(assignment).atEnd.plus(time);
    }

    /** Gives up the set that holds an offset, if one does, because too much waits behind it. */
    public void giveUpHolding(Assignment assignment, long offset) {
        byAge.values().stream()
                .filter(set -> set.assignment == assignment && set.first.offset() == offset)
                .findFirst()
                .ifPresent(set -> {
                    if (set.isDropped) {
                        forget(set);
                        set.allOffsets().forEach(TrackedOffset::readAgain);
                    } else {
                        giveUp(set, incomplete(set));
                    }
                });
    }

    /** Forgets the sets of an assignment that has ended; another worker reads their records again. */
    public void discard(Assignment assignment) {
        times.remove(assignment);
        List<ChunkSet> all = new ArrayList<>(byAge.values());
        all.addAll(givenUp);
        for (ChunkSet set : all) {
            if (set.assignment == assignment) {
                forget(set);
                givenUp.remove(set);
            }
        }
    }

    /** The number of an assignment's records that belong to open sets. */
    public int parked(Assignment assignment) {
        return byAge.values().stream()
                .filter(set -> set.assignment == assignment)
                .mapToInt(ChunkSet::recordCount)
                .sum();
    }

    /** The number of open sets. */
    public int openSets() {
        return byAge.size();
    }

    /** What open sets take up on the disk, in bytes. */
    public long bytes() {
        return bytes;
    }

    /** What they may take up, in bytes. */
    public long maxBytes() {
        return settings.maxBytes();
    }

    private void deadLetter(Rejection why, SourceRecord record, List<TrackedOffset> offsets) {
        TrackedOffset carrier = offsets.get(0);
        Assignment assignment = carrier.assignment();
        deadLetters.settle(Settlement.deadLetter(
                new DeadLetter(assignment.partition(), assignment.topicId(), carrier.offset(), why, record), offsets));
    }

    private PartitionTime time(Assignment assignment) {
        return times.computeIfAbsent(assignment, key -> new PartitionTime());
    }

    private static List<Header> headersOfWhole(SourceRecord chunk) {
        return chunk.headers().stream()
                .filter(header -> !ChunkFormat.CAPTURES.names().contains(header.key()))
                .toList();
    }

    private static ChunkFormat.Lookup lookup(SourceRecord record) {
        return name -> lastHeader(record, name);
    }

    private static byte @Nullable [] lastHeader(SourceRecord record, String name) {
        byte[] value = null;
        for (Header header : record.headers()) {
            if (header.key().equals(name)) {
                value = header.value();
            }
        }
        return value;
    }

    private static long crc32c(byte[] value) {
        CRC32C checksum = new CRC32C();
        checksum.update(value);
        return checksum.getValue();
    }

    /** Assignments are told apart by identity; see {@link Assignment}. */
    private record Key(Assignment assignment, UUID set) {}

    /** How far a partition has come in time. */
    private static final class PartitionTime {
        private Duration atEnd = Duration.ZERO;
        private long newest = Long.MIN_VALUE;

        void read(long timestamp) {
            newest = Math.max(newest, timestamp);
        }
    }
}
