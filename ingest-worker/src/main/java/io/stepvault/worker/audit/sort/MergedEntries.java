package io.stepvault.worker.audit.sort;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/**
 * Sorted entries, merged. Nothing is left out; of entries with the same key those of the earlier input come first. Keeps
 * one entry of each input. Does no I/O of its own; for one thread.
 */
final class MergedEntries implements Iterator<Entry> {
    private static final Comparator<Head> ORDER =
            Comparator.comparing(Head::entry).thenComparingInt(Head::input);

    private final List<? extends Iterator<Entry>> inputs;
    private final PriorityQueue<Head> heads = new PriorityQueue<>(ORDER);

    private record Head(Entry entry, int input) {}

    /** Merges inputs each of which is sorted. */
    MergedEntries(List<? extends Iterator<Entry>> inputs) {
        this.inputs = inputs;
        for (int input = 0; input < inputs.size(); input++) {
            advance(input);
        }
    }

    private void advance(int input) {
        if (inputs.get(input).hasNext()) {
            heads.add(new Head(inputs.get(input).next(), input));
        }
    }

    @Override
    public boolean hasNext() {
        return !heads.isEmpty();
    }

    @Override
    public Entry next() {
        Head first = heads.poll();
        if (first == null) {
            throw new NoSuchElementException("all entries have been given");
        }
        advance(first.input());
        return first.entry();
    }
}
