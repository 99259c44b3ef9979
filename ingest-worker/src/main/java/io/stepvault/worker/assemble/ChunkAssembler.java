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
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts captures that came in chunks together again. Records of other captures may lie between, chunks may come again or
 * out of order; what cannot be made whole is dead-lettered chunk by chunk, as it was sent.
 *
 * <p>Open sets are kept in a {@link ChunkStore} within a budget. Beyond it the youngest set is dropped, its partition is
 * read on, and the reader goes back to it when there is room: the oldest always has room to become whole. Memory holds
 * some 250 bytes for each chunk that has come; beyond {@value ChunkRules#MAX_CHUNKS} chunks that are waited for, the oldest set is
 * given up.
 *
 * <p>Pure but for the store that it calls; only the pipeline's thread may touch it.
 */
public final class ChunkAssembler implements RecordInput {
    /** Overdue sets are looked for so often: there may be very many. */
    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(1);

    /** After the disk has failed, what it lost is not read again at once. */
    private static final Duration WAIT_AFTER_FAILURE = Duration.ofSeconds(1);

    private final AssembleSettings settings;
    private final ChunkRules rules;
    private final ChunkStore store;
    private final Whole whole;
    private final CommitInput deadLetters;
    private final MemoryBudget memory;
    private final WorkerMetrics metrics;

    private final OpenSets open = new OpenSets();
    private final Deque<GivenUpSet> givenUp = new ArrayDeque<>();
    private final Map<Assignment, PartitionTime> times = new HashMap<>();
    private long givenUpChunks;
    private long bytes;
    private boolean diskFailed;
    private Instant now = Instant.MIN;
    private Instant nextCheck = Instant.MIN;
    private Instant nextReadAgain = Instant.MIN;

    /** An assembler that passes whole records on to {@code whole}. */
    public ChunkAssembler(
            AssembleSettings settings,
            ChunkStore store,
            Whole whole,
            CommitInput deadLetters,
            MemoryBudget memory,
            WorkerMetrics metrics) {
        this.settings = settings;
        this.rules = new ChunkRules(settings);
        this.store = store;
        this.whole = whole;
        this.deadLetters = deadLetters;
        this.memory = memory;
        this.metrics = metrics;
    }

    @Override
    public long bytesNeededFor(Assignment assignment, SourceRecord record) {
        ChunkHeaders headers = new ChunkHeaders(record);
        if (!ChunkFormat.CAPTURES.isChunk(headers)
                || !(ChunkFormat.CAPTURES.parse(headers) instanceof ChunkFormat.Parsed.Chunk chunk)) {
            return record.bytes();
        }
        ChunkHeader header = chunk.header();
        ChunkSet set = open.find(assignment, header.id());
        if (rules.whyRejected(set, header, record, open.chunks() + givenUpChunks)
                .isPresent()) {
            return record.bytes();
        }
        if (set == null) {
            return header.count() == 1 ? record.bytes() : 0;
        }
        return set.wouldComplete(header.index()) ? set.valueBytes() + record.bytes() : 0;
    }

    @Override
    public void accept(SourceRecord record, TrackedOffset offset) {
        time(offset.assignment()).read(record.timestamp());
        ChunkHeaders headers = new ChunkHeaders(record);
        if (!ChunkFormat.CAPTURES.isChunk(headers)) {
            whole.accept(record, List.of(offset));
            return;
        }
        ChunkFormat.Parsed parsed = ChunkFormat.CAPTURES.parse(headers);
        if (parsed instanceof ChunkFormat.Parsed.Chunk chunk) {
            accept(chunk.header(), record, offset);
        } else if (parsed instanceof ChunkFormat.Parsed.Invalid invalid) {
            deadLetter(new Rejection(Reason.INVALID_CHUNK, invalid.detail()), record, List.of(offset));
        }
    }

    private void accept(ChunkHeader header, SourceRecord record, TrackedOffset offset) {
        ChunkSet set = open.find(offset.assignment(), header.id());
        Optional<Rejection> rejection = rules.whyRejected(set, header, record, open.chunks() + givenUpChunks);
        if (rejection.isPresent()) {
            deadLetter(rejection.get(), record, List.of(offset));
            return;
        }
        if (set == null) {
            makeRoomFor(header.count());
            set = open.begin(header, offset);
        }
        boolean isRepeat = set.has(header.index());
        set.came(
                header.index(),
                ChunkRules.crc32c(record.value()),
                offset,
                record.timestamp(),
                time(offset.assignment()).atEnd());
        if (!isRepeat && !set.isDropped()) {
            keep(set, header.index(), record);
        }
    }

    /** The oldest goes: of very many sets, those that are not completed soon never will be. */
    private void makeRoomFor(int chunks) {
        while (open.chunks() + chunks > ChunkRules.MAX_CHUNKS && !open.kept().isEmpty()) {
            ChunkSet oldest = open.oldestKept().orElseThrow();
            giveUp(oldest, ChunkRules.incomplete(oldest, "too many chunks of other sets are waited for"));
        }
    }

    private void keep(ChunkSet set, int index, SourceRecord record) {
        Optional<Piece> piece = store.append(set.number, record);
        if (piece.isEmpty()) {
            failed(set);
            return;
        }
        bytes -= set.bytesOnDisk();
        set.keep(index, piece.get(), record.bytes());
        bytes += set.bytesOnDisk();
        if (set.valueBytes() > set.header.totalBytes()) {
            giveUp(set, ChunkRules.corrupt("hold more than the " + set.header.totalBytes() + " bytes announced"));
        } else if (set.isComplete()) {
            complete(set, record);
        } else if (set.bytesOnDisk() > settings.maxFileBytes()) {
            giveUp(
                    set,
                    new Rejection(
                            Reason.TOO_LARGE,
                            "the chunks with their keys and headers take up more than " + settings.maxFileBytes()
                                    + " bytes"));
        }
        makeRoom();
    }

    private void makeRoom() {
        int spared = givenUp.isEmpty() ? 1 : 0;
        while (bytes > settings.maxBytes() && open.kept().size() > spared) {
            drop(open.youngestKept().orElseThrow());
        }
    }

    private void drop(ChunkSet set) {
        bytes -= set.bytesOnDisk();
        open.drop(set);
        store.drop(set.number);
        metrics.chunkSetDropped();
    }

    /** The disk fails, which is not the capture's fault: it is read again, but not at once. */
    private void failed(ChunkSet set) {
        drop(set);
        diskFailed = true;
    }

    private void complete(ChunkSet set, SourceRecord last) {
        if (!set.hasAnnouncedLength()) {
            giveUp(
                    set,
                    ChunkRules.corrupt(
                            "hold " + set.valueBytes() + " bytes; " + set.header.totalBytes() + " were announced"));
            return;
        }
        Optional<byte[]> value = store.readValues(set.number, set.piecesInOrder());
        if (value.isEmpty()) {
            failed(set);
        } else if (Integer.toUnsignedLong(ChunkRules.crc32c(value.get())) != set.header.crc32c()) {
            giveUp(set, ChunkRules.corrupt("do not have the CRC-32C announced"));
        } else {
            close(set);
            whole.accept(
                    new SourceRecord(last.key(), value.get(), ChunkHeaders.without(last), last.timestamp()),
                    set.allOffsets());
        }
    }

    /** Gives a set up: no further chunk of it is kept, and what there is becomes dead letters. */
    private void giveUp(ChunkSet set, Rejection why) {
        open.remove(set);
        givenUp.add(new GivenUpSet(set, why));
        givenUpChunks += set.chunks().size();
    }

    private void close(ChunkSet set) {
        open.remove(set);
        bytes -= set.bytesOnDisk();
        store.drop(set.number);
    }

    /**
     * Gives up what is overdue, brings dead letters on their way as memory allows, and goes back to what was dropped.
     *
     * @param time the worker's clock: a record's time counts only as far as it may be true
     */
    public void tick(Instant time) {
        now = time;
        if (diskFailed) {
            diskFailed = false;
            nextReadAgain = now.plus(WAIT_AFTER_FAILURE);
        }
        if (!now.isBefore(nextCheck)) {
            nextCheck = now.plus(BETWEEN_CHECKS);
            giveUpOverdue();
        }
        for (GivenUpSet next = givenUp.peek();
                next != null && memory.hasRoom(next.nextBytes());
                next = givenUp.peek()) {
            deadLetterNext(next);
        }
        readDroppedAgain();
    }

    private void giveUpOverdue() {
        for (ChunkSet set : List.copyOf(open.kept())) {
            PartitionTime time = time(set.assignment());
            if (!set.isBehind() && set.isOverdue(time.atEnd(), time.passed(now), settings.timeout())) {
                giveUp(set, ChunkRules.incomplete(set, "none for too long"));
            }
        }
    }

    private void deadLetterNext(GivenUpSet set) {
        bytes -= set.bytesOnDisk();
        ChunkSet.Chunk next = set.takeNext();
        bytes += set.bytesOnDisk();
        givenUpChunks--;
        Optional<SourceRecord> record = store.read(set.number, next.piece());
        if (record.isPresent()) {
            deadLetter(set.why, record.get(), next.offsets());
        } else {
            next.offsets().forEach(TrackedOffset::readAgain); // where it becomes a dead letter as it comes
        }
        if (set.isEmpty()) {
            givenUp.remove(set);
            store.drop(set.number);
        }
    }

    /** The oldest first, and others only if the whole of them will fit: else they would be dropped again. */
    private void readDroppedAgain() {
        Optional<ChunkSet> next = now.isBefore(nextReadAgain) ? Optional.empty() : open.oldestDropped();
        if (next.isEmpty()) {
            return;
        }
        long expected = bytes + open.bytesToCome();
        while (next.isPresent()) {
            ChunkSet set = next.get();
            boolean hasRoom = expected + set.bytesOnDiskWhenWhole() <= settings.maxBytes();
            if (!hasRoom && !(givenUp.isEmpty() && open.isOldest(set))) {
                return;
            }
            expected += set.bytesOnDiskWhenWhole();
            open.expectAgain(set);
            set.allOffsets().forEach(TrackedOffset::readAgain);
            next = open.oldestDropped();
        }
    }

    /** Notes that a partition was read to its end, for so long: only then a set can be late. */
    public void wasAtEnd(Assignment assignment, Duration time) {
        time(assignment).wasAtEnd(time);
    }

    /**
     * Gives up the set that holds an offset, if one does, because too much waits behind it: also for memory, so that its
     * chunk of this offset becomes a dead letter at once. One that was dropped is read again first: it may be whole.
     */
    public void giveUpHolding(Assignment assignment, long offset) {
        for (ChunkSet set : open.of(assignment)) {
            if (set.first.offset() == offset && set.isDropped() && !now.isBefore(nextReadAgain)) {
                open.expectAgainAsOldest(set);
                set.allOffsets().forEach(TrackedOffset::readAgain);
            } else if (set.first.offset() == offset && !set.isDropped() && !set.isBehind()) {
                giveUp(set, ChunkRules.incomplete(set, "none while too much waited behind them"));
            }
        }
        givenUp.stream()
                .filter(set -> set.assignment == assignment && set.isNext(offset))
                .findFirst()
                .ifPresent(this::deadLetterNext);
    }

    /** Forgets the sets of an assignment that has ended; another worker reads their records again. */
    public void discard(Assignment assignment) {
        times.remove(assignment);
        for (ChunkSet set : open.removeAll(assignment)) {
            bytes -= set.bytesOnDisk();
            store.drop(set.number);
        }
        givenUp.removeIf(set -> {
            boolean gone = set.assignment == assignment;
            if (gone) {
                bytes -= set.bytesOnDisk();
                givenUpChunks -= set.chunks();
                store.drop(set.number);
            }
            return gone;
        });
    }

    /** The number of an assignment's records that belong to open sets. */
    public int parked(Assignment assignment) {
        return open.of(assignment).stream().mapToInt(ChunkSet::recordCount).sum();
    }

    /** Whether a record is a chunk of a set that is open. */
    public boolean belongsToOpenSet(Assignment assignment, SourceRecord record) {
        return ChunkHeaders.read(record)
                .map(chunk -> open.find(assignment, chunk.id()) != null)
                .orElse(false);
    }

    /** The number of open sets. */
    public int openSets() {
        return open.size();
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
}
