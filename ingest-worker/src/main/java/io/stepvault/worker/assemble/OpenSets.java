package io.stepvault.worker.assemble;

import io.stepvault.wire.ChunkHeader;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.TrackedOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The sets that wait for chunks: by id, and by age those that are kept and those that are dropped. A dropped set is
 * expected back once its reader goes back to it, and then has the age that it had: else younger ones would make it yield
 * again and again.
 *
 * <p>Only the pipeline's thread may touch it.
 */
final class OpenSets {
    private final Map<Key, ChunkSet> byId = new HashMap<>();
    private final TreeMap<Long, ChunkSet> kept = new TreeMap<>();
    private final TreeMap<Long, ChunkSet> dropped = new TreeMap<>();
    private final Map<Key, Expected> expected = new HashMap<>();
    private long nextNumber;
    private long lowestAge;
    private long chunks;

    @Nullable
    ChunkSet find(Assignment assignment, UUID id) {
        return byId.get(new Key(assignment, id));
    }

    /** Opens a set with the handle of its first chunk. */
    ChunkSet begin(ChunkHeader header, TrackedOffset first) {
        Key key = new Key(first.assignment(), header.id());
        Expected before = expected.remove(key);
        long number = nextNumber++;
        ChunkSet set = before == null
                ? new ChunkSet(number, number, header, first, -1)
                : new ChunkSet(number, before.age, header, first, before.lastOffset);
        byId.put(key, set);
        kept.put(set.age, set);
        chunks += header.count();
        return set;
    }

    /** Takes a set out. */
    void remove(ChunkSet set) {
        byId.remove(new Key(set.assignment(), set.header.id()));
        kept.remove(set.age);
        dropped.remove(set.age);
        chunks -= set.header.count();
    }

    /** Notes that what was kept of a set is gone. */
    void drop(ChunkSet set) {
        set.drop();
        kept.remove(set.age);
        dropped.put(set.age, set);
    }

    /** Takes a dropped set out whose records are read again. */
    void expectAgain(ChunkSet set) {
        expectAgain(set, set.age);
    }

    /** Takes a dropped set out whose records are read again, and lets it be older than all others then. */
    void expectAgainAsOldest(ChunkSet set) {
        expectAgain(set, --lowestAge);
    }

    private void expectAgain(ChunkSet set, long age) {
        remove(set);
        expected.put(
                new Key(set.assignment(), set.header.id()),
                new Expected(age, set.first, set.lastOffset(), set.bytesOnDiskWhenWhole()));
    }

    /** Takes out all of an assignment that has ended. */
    List<ChunkSet> removeAll(Assignment assignment) {
        List<ChunkSet> gone = new ArrayList<>(of(assignment));
        gone.forEach(this::remove);
        expected.keySet().removeIf(key -> key.assignment == assignment);
        return gone;
    }

    List<ChunkSet> of(Assignment assignment) {
        return byId.values().stream()
                .filter(set -> set.assignment() == assignment)
                .toList();
    }

    /** Those that are kept. */
    Collection<ChunkSet> kept() {
        return kept.values();
    }

    Optional<ChunkSet> oldestKept() {
        return kept.isEmpty() ? Optional.empty() : Optional.of(kept.firstEntry().getValue());
    }

    Optional<ChunkSet> youngestKept() {
        return kept.isEmpty() ? Optional.empty() : Optional.of(kept.lastEntry().getValue());
    }

    Optional<ChunkSet> oldestDropped() {
        return dropped.isEmpty()
                ? Optional.empty()
                : Optional.of(dropped.firstEntry().getValue());
    }

    /** Whether no other set is older, expected ones included. */
    boolean isOldest(ChunkSet set) {
        return (kept.isEmpty() || kept.firstKey() >= set.age)
                && (dropped.isEmpty() || dropped.firstKey() >= set.age)
                && expected.values().stream().allMatch(each -> each.age > set.age);
    }

    /** What those that are read again have yet to bring, in bytes. */
    long bytesToCome() {
        expected.entrySet()
                .removeIf(each -> each.getKey()
                        .assignment
                        .isSettled(each.getValue().first.offset())); // it is no longer on the topic
        return expected.values().stream().mapToLong(Expected::bytes).sum()
                + kept.values().stream()
                        .filter(ChunkSet::isBehind)
                        .mapToLong(set -> set.bytesOnDiskWhenWhole() - set.bytesOnDisk())
                        .sum();
    }

    int size() {
        return byId.size();
    }

    /** How many chunks they announce, all together. */
    long chunks() {
        return chunks;
    }

    /** Assignments are told apart by identity; see {@link Assignment}. */
    private record Key(Assignment assignment, UUID set) {}

    private record Expected(long age, TrackedOffset first, long lastOffset, long bytes) {}
}
