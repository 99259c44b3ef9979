package io.stepvault.worker.audit;

import java.util.HashSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what is missing into slices that are each read at one go. Captures come by partition, then first offset. Does no
 * I/O; for one thread.
 */
public final class RepairSlices implements Iterator<RepairSlices.Slice> {
    /** How many captures a slice has at most: their offsets are in memory meanwhile. */
    static final int MAX_CAPTURES = 10_000;

    /** How many records that nobody asked for are read rather than to begin anew behind them. */
    static final long MAX_GAP = 20_000;

    private final Iterator<MissingCapture> captures;
    private @Nullable MissingCapture ahead;

    /**
     * A part of a partition, and what is missing in it.
     *
     * @param from the first offset to read
     * @param to one more than the last
     * @param offsets those of the captures that are missing
     */
    public record Slice(int partition, long from, long to, Set<Long> offsets) {
        /** Copies. */
        public Slice {
            offsets = Set.copyOf(offsets);
        }
    }

    /** Slices of {@code captures}, which are asked for as slices are. */
    public RepairSlices(Iterator<MissingCapture> captures) {
        this.captures = captures;
    }

    @Override
    public boolean hasNext() {
        return ahead != null || captures.hasNext();
    }

    @Override
    public Slice next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all slices have been given");
        }
        CapturePlace first = take().place();
        Set<Long> offsets = new HashSet<>();
        offsets.add(first.offset());
        long to = first.offset() + 1;
        while (offsets.size() < MAX_CAPTURES && isNear(first.partition(), to)) {
            CapturePlace place = take().place();
            offsets.add(place.offset());
            to = Math.max(to, place.offset() + 1);
        }
        return new Slice(first.partition(), first.firstOffset(), to, offsets);
    }

    private boolean isNear(int partition, long to) {
        if (ahead == null && captures.hasNext()) {
            ahead = captures.next();
        }
        return ahead != null
                && ahead.place().partition() == partition
                && ahead.place().firstOffset() - to <= MAX_GAP;
    }

    private MissingCapture take() {
        MissingCapture taken = ahead == null ? captures.next() : ahead;
        ahead = null;
        return taken;
    }
}
