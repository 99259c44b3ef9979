package io.stepvault.worker.assemble;

import io.stepvault.worker.flow.SourceRecord;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chunks in memory; the disk can be made to fail. Not thread-safe. */
public final class InMemoryChunkStore implements ChunkStore {
    private final Map<Long, List<SourceRecord>> sets = new HashMap<>();
    private boolean failing;

    /** From now on nothing is kept, and nothing given back. */
    public void fail(boolean fails) {
        failing = fails;
    }

    /** The number of sets of which anything is kept. */
    public int size() {
        return sets.size();
    }

    @Override
    public Optional<Piece> append(long set, SourceRecord chunk) {
        if (failing) {
            return Optional.empty();
        }
        List<SourceRecord> chunks = sets.computeIfAbsent(set, key -> new ArrayList<>());
        chunks.add(chunk);
        return Optional.of(new Piece(chunks.size() - 1, chunk.size() + 100, chunk.size()));
    }

    @Override
    public Optional<SourceRecord> read(long set, Piece piece) {
        List<SourceRecord> chunks = failing ? null : sets.get(set);
        return chunks == null ? Optional.empty() : Optional.of(chunks.get((int) piece.position()));
    }

    @Override
    public Optional<byte[]> readValues(long set, List<Piece> pieces) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (Piece piece : pieces) {
            Optional<SourceRecord> record = read(set, piece);
            if (record.isEmpty()) {
                return Optional.empty();
            }
            byte[] value = record.get().value();
            whole.writeBytes(value == null ? new byte[0] : value);
        }
        return Optional.of(whole.toByteArray());
    }

    @Override
    public void drop(long set) {
        sets.remove(set);
    }
}
