package io.stepvault.worker.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Knows which offsets of a partition are settled, in whatever order that happens, and so the offset that may be
 * committed: the lowest one not settled, or the one after the last delivered. Offsets that were never delivered
 * (transaction markers, aborted records) leave gaps, which count as settled once the position has passed them.
 *
 * <p>Records may be answered for before they are delivered (their batch lies in the disk queue since an earlier run),
 * and may be given up and read again. What is settled beyond the lowest unsettled offset is kept as runs.
 *
 * <p>Pure arithmetic; only the pipeline's thread may touch it. Memory grows with the unsettled records and with the
 * number of runs, not with the records between them.
 *
 * @param <T> what is remembered of an unsettled record
 */
final class OffsetTracker<T> {
    private final TreeMap<Long, T> unsettled = new TreeMap<>();
    private final TreeMap<Long, Long> settledRuns = new TreeMap<>();
    // Given up: first until the reader has been told to go back, then until their records come again.
    private final NavigableSet<Long> givenUp = new TreeSet<>();
    private final NavigableSet<Long> awaited = new TreeSet<>();
    private long start;
    private long floor;
    private long position;

    /**
     * A tracker of a partition of which everything below {@code start} is settled, and {@code settledBeyond} too.
     *
     * @param start -1 if nothing was ever committed
     */
    OffsetTracker(long start, OffsetRuns settledBeyond) {
        this.start = start;
        this.floor = start;
        this.position = start;
        settledBeyond.runs().forEach(run -> settledRuns.put(run.first(), run.last()));
    }

    /**
     * Notes that a record was delivered.
     *
     * @return whether somebody must take it: it is new, or was given up; if so, {@link #track} must follow
     */
    boolean deliver(long offset) {
        startAt(offset);
        position = Math.max(position, offset + 1);
        return awaited.contains(offset) || !isKnown(offset);
    }

    /** Answers for an offset from now on. */
    void track(long offset, T remembered) {
        givenUp.remove(offset);
        awaited.remove(offset);
        unsettled.put(offset, remembered);
    }

    /** Whether an offset is settled, or answered for by somebody. */
    boolean isKnown(long offset) {
        return unsettled.containsKey(offset) || isSettled(offset);
    }

    /** Whether an offset is to be read again. */
    boolean isAwaited(long offset) {
        return awaited.contains(offset);
    }

    /** Whether any offset is to be read again. */
    boolean awaitsAny() {
        return !awaited.isEmpty();
    }

    @Nullable
    T remembered(long offset) {
        return unsettled.get(offset);
    }

    void settle(long offset) {
        if (unsettled.remove(offset) == null) {
            return;
        }
        givenUp.remove(offset);
        awaited.remove(offset);
        long first = offset;
        long last = offset;
        Map.Entry<Long, Long> before = settledRuns.lowerEntry(offset);
        if (before != null && nothingUnsettledBetween(before.getValue(), offset)) {
            first = before.getKey();
        }
        Map.Entry<Long, Long> after = settledRuns.higherEntry(offset);
        if (after != null && nothingUnsettledBetween(offset, after.getKey())) {
            last = after.getValue();
            settledRuns.remove(after.getKey());
        }
        settledRuns.put(first, last);
    }

    void giveUp(long offset) {
        if (unsettled.containsKey(offset)) {
            givenUp.add(offset);
        }
    }

    /** Where the reader has to go back to for what was given up; it is taken to do so at once. */
    OptionalLong takeRewind() {
        if (givenUp.isEmpty()) {
            return OptionalLong.empty();
        }
        long target = givenUp.first();
        // It must not be sent on past what it has not read yet: it may not have come so far, or have gone back further
        // before.
        boolean comesBy = target >= position || (!awaited.isEmpty() && awaited.first() <= target);
        awaited.addAll(givenUp);
        givenUp.clear();
        return comesBy ? OptionalLong.empty() : OptionalLong.of(target);
    }

    /**
     * Finds what is lost, now that the reader has come to an offset: records that it went back for and did not find.
     *
     * @return the offsets, now settled
     */
    List<Long> lostBelow(long offset) {
        List<Long> lost = List.copyOf(awaited.headSet(offset));
        lost.forEach(this::settle);
        return lost;
    }

    /** Moves on to an offset because nothing below it is on the topic any more; says how many were not read. */
    long skipTo(long offset) {
        long unread = 0;
        for (long at = position; position >= 0 && at < offset; at++) {
            Map.Entry<Long, Long> run = settledRuns.floorEntry(at);
            if (run != null && run.getValue() >= at) {
                at = Math.min(run.getValue(), offset - 1);
            } else if (!unsettled.containsKey(at)) {
                Long next = next(at);
                long end = Math.min(next == null ? offset : next, offset);
                unread += end - at;
                at = end - 1;
            }
        }
        startAt(offset);
        position = Math.max(position, offset);
        return unread + lostBelow(offset).size();
    }

    /** Where nothing was ever committed, reading begins with the first record, or with what is on the disk before it. */
    private void startAt(long offset) {
        if (start < 0) {
            start = unsettled.isEmpty() ? offset : Math.min(offset, unsettled.firstKey());
        }
    }

    private @Nullable Long next(long offset) {
        Long unsettledNext = unsettled.higherKey(offset);
        Long settledNext = settledRuns.higherKey(offset);
        if (unsettledNext == null || settledNext == null) {
            return unsettledNext == null ? settledNext : unsettledNext;
        }
        return Math.min(unsettledNext, settledNext);
    }

    long start() {
        return start;
    }

    /** One more than the highest offset that was delivered. */
    long position() {
        return position;
    }

    /** The offset to commit, or empty while that is still where reading began. It never goes back. */
    OptionalLong committable() {
        // What was settled by those before may reach beyond the position.
        long committable = Math.max(position, floor);
        Map.Entry<Long, Long> run = settledRuns.floorEntry(committable);
        if (run != null && run.getValue() >= committable) {
            committable = run.getValue() + 1;
        }
        if (!unsettled.isEmpty()) {
            committable = Math.min(committable, unsettled.firstKey());
        }
        return committable > start ? OptionalLong.of(committable) : OptionalLong.empty();
    }

    /** What is settled beyond the offset that may be committed. Also forgets what lies below it. */
    OffsetRuns settledBeyond() {
        floor = Math.max(floor, committable().orElse(floor));
        settledRuns.headMap(floor).clear();
        List<OffsetRuns.Run> runs = new ArrayList<>(settledRuns.size());
        for (Map.Entry<Long, Long> run : settledRuns.entrySet()) {
            int lastIndex = runs.size() - 1;
            if (lastIndex >= 0 && nothingUnsettledBetween(runs.get(lastIndex).last(), run.getKey())) {
                runs.set(lastIndex, new OffsetRuns.Run(runs.get(lastIndex).first(), run.getValue()));
            } else {
                runs.add(new OffsetRuns.Run(run.getKey(), run.getValue()));
            }
        }
        return new OffsetRuns(runs);
    }

    /** The number of offsets not settled, less those that are to be read again. */
    int unsettled() {
        return unsettled.size() - givenUp.size() - awaited.size();
    }

    /** The lowest offset not settled. */
    OptionalLong lowestUnsettled() {
        return unsettled.isEmpty() ? OptionalLong.empty() : OptionalLong.of(unsettled.firstKey());
    }

    boolean isSettled(long offset) {
        if (offset < floor) {
            return true;
        }
        Map.Entry<Long, Long> run = settledRuns.floorEntry(offset);
        return run != null && run.getValue() >= offset;
    }

    /** Whether two settled offsets have only gaps between them: beyond the position nobody knows yet. */
    private boolean nothingUnsettledBetween(long lower, long upper) {
        if (upper == lower + 1) {
            return true;
        }
        if (upper > position) {
            return false;
        }
        Long next = unsettled.higherKey(lower);
        return next == null || next > upper;
    }
}
