package io.stepvault.worker.assemble;

import io.stepvault.worker.flow.SourceRecord;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the chunks of open sets, out of memory. Nothing in it need outlive the process: what it holds is still on the
 * topic, and is read from there again. Called from the pipeline's thread; a call may take as long as the disk does.
 */
public interface ChunkStore {
    /**
     * Keeps a chunk.
     *
     * @param set a number that the caller has given the set
     * @return where it is kept; empty if the disk does not take it
     */
    Optional<Piece> append(long set, SourceRecord chunk);

    /** Gives a chunk back as it was, or empty if the disk does not. */
    Optional<SourceRecord> read(long set, Piece piece);

    /** Gives the values of chunks back, one after the other, as one array; empty if the disk does not. */
    Optional<byte[]> readValues(long set, List<Piece> pieces);

    /** Forgets a set. */
    void drop(long set);

    /**
     * A chunk in the file of its set.
     *
     * @param position where its record begins
     * @param bytes what it takes up in all
     * @param valueBytes the length of its value
     */
    record Piece(long position, int bytes, int valueBytes) {}
}
