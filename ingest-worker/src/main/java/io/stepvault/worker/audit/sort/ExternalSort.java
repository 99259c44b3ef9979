package io.stepvault.worker.audit.sort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * Sorts items, also more than fit into memory; those with the same key stay in the order in which they came. What fits
 * into one piece is never written to the disk. First all are added, then they are given once. For one thread.
 *
 * @param <T> the items
 */
public final class ExternalSort<T> implements AutoCloseable {
    private final WorkDirectory directory;
    private final EntryForm<T> form;
    private final SortLimits limits;
    private final List<RunFile.Reader> open = new ArrayList<>();
    private List<RunFile> runs = new ArrayList<>();
    private List<Entry> piece = new ArrayList<>();
    private long pieceBytes;
    private long count;
    private boolean given;

    /** A sort by the keys that {@code form} gives, with files in {@code directory}. */
    public ExternalSort(WorkDirectory directory, EntryForm<T> form, SortLimits limits) {
        this.directory = directory;
        this.form = form;
        this.limits = limits;
    }

    /**
     * Adds an item.
     *
     * @throws UncheckedIOException if the work directory is full, or fails
     */
    public void add(T item) {
        if (given) {
            throw new IllegalStateException("the items have been sorted; nothing can be added");
        }
        Entry entry = form.write(item);
        if (!piece.isEmpty() && pieceBytes + entry.bytes() > limits.runBytes()) {
            calling(this::writePiece);
        }
        piece.add(entry);
        pieceBytes += entry.bytes();
        count++;
    }

    /** How many items were added. */
    public long count() {
        return count;
    }

    /**
     * All items in order; to be asked for once.
     *
     * @throws UncheckedIOException if the work directory is full, or fails, at any time until the last has been given
     */
    public Iterator<T> sorted() {
        if (given) {
            throw new IllegalStateException("the items have been given");
        }
        given = true;
        Iterator<Entry> entries = runs.isEmpty() ? sortedPiece().iterator() : merged();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public T next() {
                return form.read(entries.next());
            }
        };
    }

    private Iterator<Entry> merged() {
        calling(() -> {
            writePiece();
            while (runs.size() > limits.fanIn()) {
                mergeNeighbours();
            }
            runs.forEach(this::open);
        });
        return new MergedEntries(open);
    }

    private List<Entry> sortedPiece() {
        Collections.sort(piece);
        return piece;
    }

    private void writePiece() throws IOException {
        runs.add(RunFile.write(directory, sortedPiece().iterator()));
        piece = new ArrayList<>();
        pieceBytes = 0;
    }

    /** Neighbours, so that what has the same key stays in order. */
    private void mergeNeighbours() throws IOException {
        List<RunFile> merged = new ArrayList<>();
        for (int from = 0; from < runs.size(); from += limits.fanIn()) {
            List<RunFile> neighbours = runs.subList(from, Math.min(runs.size(), from + limits.fanIn()));
            merged.add(neighbours.size() == 1 ? neighbours.get(0) : merge(neighbours));
        }
        runs = merged;
    }

    private RunFile merge(List<RunFile> neighbours) throws IOException {
        neighbours.forEach(this::open);
        RunFile merged = RunFile.write(directory, new MergedEntries(open));
        closeOpen();
        for (RunFile run : neighbours) {
            run.delete();
        }
        return merged;
    }

    private void open(RunFile run) {
        calling(() -> open.add(run.read()));
    }

    private void closeOpen() throws IOException {
        for (RunFile.Reader reader : open) {
            reader.close();
        }
        open.clear();
    }

    /** Removes its files. Idempotent. */
    @Override
    public void close() {
        piece = new ArrayList<>();
        given = true;
        calling(() -> {
            closeOpen();
            for (RunFile run : runs) {
                run.delete();
            }
            runs = new ArrayList<>();
        });
    }

    private interface Call {
        void call() throws IOException;
    }

    private static void calling(Call call) {
        try {
            call.call();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
