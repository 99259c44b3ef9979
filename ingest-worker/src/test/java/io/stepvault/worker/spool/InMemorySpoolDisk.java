package io.stepvault.worker.spool;

import io.stepvault.worker.flow.SourceRecord;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A disk in memory that does what a test says. It answers at once unless it is {@linkplain #hold held}; then writes,
 * reads and deletes wait, in the order of the calls, until the test lets them happen. Not thread-safe.
 */
public final class InMemorySpoolDisk implements SpoolDisk {
    private static final int FILE_BYTES = 100;

    private final Clock clock;
    private final Map<String, SpoolFile> files = new TreeMap<>();
    private final Set<SpoolEntry> corrupt = new HashSet<>();
    private final Set<String> movedAside = new HashSet<>();
    private final Deque<Operation<?>> waiting = new ArrayDeque<>();

    private long maxBytes = Long.MAX_VALUE;
    private Optional<Written.Refused> refusal = Optional.empty();
    private int readsToFail;
    private boolean held;
    private int sequence;
    private int writes;
    private int reads;

    private record SpoolFile(List<SpoolEntry> entries, List<SpooledBatch> batches) {
        long bytes() {
            return FILE_BYTES + entries.stream().mapToLong(SpoolEntry::bytes).sum();
        }
    }

    private static final class Operation<T> {
        private final Supplier<T> effect;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private Optional<T> result = Optional.empty();

        Operation(Supplier<T> effect) {
            this.effect = effect;
        }

        void takeEffect() {
            if (result.isEmpty()) {
                result = Optional.of(effect.get());
            }
        }

        void answer() {
            takeEffect();
            answer.complete(result.orElseThrow());
        }
    }

    /** An empty disk. */
    public InMemorySpoolDisk(Clock clock) {
        this.clock = clock;
    }

    // What the queue sees.

    @Override
    public CompletableFuture<Written> write(List<SpooledBatch> batches) {
        List<SpooledBatch> copy = List.copyOf(batches);
        return submit(() -> writeNow(copy));
    }

    @Override
    public CompletableFuture<ReadBack> read(SpoolEntry entry) {
        return submit(() -> readNow(entry));
    }

    @Override
    @SuppressWarnings("NullAway") // a future of nothing completes with null
    public CompletableFuture<Void> delete(String file) {
        return submit(() -> {
                    deleteNow(file);
                    return file;
                })
                .thenApply(done -> null);
    }

    @Override
    public Use use() {
        return new Use(bytes(), maxBytes, files.size());
    }

    private <T> CompletableFuture<T> submit(Supplier<T> effect) {
        Operation<T> operation = new Operation<>(effect);
        waiting.addLast(operation);
        if (!held) {
            answerAll();
        }
        return operation.answer;
    }

    private Written writeNow(List<SpooledBatch> batches) {
        if (refusal.isPresent()) {
            return refusal.get();
        }
        List<SpoolEntry> entries = new ArrayList<>();
        String name = String.format("%013d-%06d.spool", clock.millis(), sequence);
        Instant now = Instant.ofEpochMilli(clock.millis());
        long position = FILE_BYTES;
        for (SpooledBatch batch : batches) {
            SpoolEntry entry = SpoolEntry.of(batch, name, position, bytes(batch), now);
            entries.add(entry);
            position += entry.bytes();
        }
        if (bytes() + position > maxBytes) {
            return new Written.Refused("the budget of " + maxBytes + " bytes is used up", false);
        }
        sequence++;
        writes++;
        files.put(
                name,
                new SpoolFile(
                        entries, batches.stream().map(InMemorySpoolDisk::copied).toList()));
        return new Written.Durably(entries);
    }

    /** As a disk does: what was written is the caller's no more. */
    private static SpooledBatch copied(SpooledBatch batch) {
        return new SpooledBatch(
                batch.origin(),
                batch.sessionId(),
                batch.captures().stream()
                        .map(capture -> new SpooledCapture(capture.offsets(), copied(capture.record())))
                        .toList());
    }

    private static SourceRecord copied(SourceRecord record) {
        return new SourceRecord(record.key(), record.value(), record.headers(), record.timestamp());
    }

    private static long bytes(SpooledBatch batch) {
        return batch.captures().stream()
                .mapToLong(capture -> 20L + capture.record().size())
                .sum();
    }

    private ReadBack readNow(SpoolEntry entry) {
        reads++;
        if (readsToFail > 0) {
            readsToFail--;
            return new ReadBack.Failed("a read failed, as the test wants");
        }
        SpoolFile file = files.get(entry.file());
        if (file == null) {
            return new ReadBack.Corrupt("file " + entry.file() + " is gone");
        }
        int index = file.entries.indexOf(entry);
        if (index < 0 || corrupt.contains(entry)) {
            return new ReadBack.Corrupt("file " + entry.file() + " is corrupt at " + entry.position());
        }
        return new ReadBack.Intact(file.batches.get(index));
    }

    private void deleteNow(String file) {
        SpoolFile deleted = files.remove(file);
        if (deleted != null && deleted.entries.stream().anyMatch(corrupt::contains)) {
            movedAside.add(file);
        }
    }

    private long bytes() {
        return files.values().stream().mapToLong(SpoolFile::bytes).sum();
    }

    // What a test does to it.

    /** From now on nothing happens before the test says so. */
    public void hold() {
        held = true;
    }

    /** Lets everything that waits happen, and from now on all else at once. */
    public void release() {
        held = false;
        answerAll();
    }

    /** How many calls are not answered yet. */
    public int pending() {
        return waiting.size();
    }

    /** Lets the oldest call that is not answered happen, and answers it. */
    public void answerNext() {
        waiting.removeFirst().answer();
    }

    /** Lets everything that waits happen, and what that brings. */
    public void answerAll() {
        while (!waiting.isEmpty()) {
            waiting.removeFirst().answer();
        }
    }

    /** Lets the oldest call happen without answering it yet: a crash may come in between. */
    public void takeEffectOfNext() {
        waiting.getFirst().takeEffect();
    }

    /**
     * The machine loses power: what has not happened never will, and nothing that waits is ever answered. What is
     * durable stays; {@link #entries} is what the next start finds.
     */
    public void crash() {
        waiting.clear();
        held = false;
    }

    /** Refuses writes until {@link #acceptWrites}. */
    public void refuseWrites(String why, boolean operatorMustAct) {
        refusal = Optional.of(new Written.Refused(why, operatorMustAct));
    }

    /** Takes writes again, as far as the budget goes. */
    public void acceptWrites() {
        refusal = Optional.empty();
    }

    /** Sets the budget; what is there already stays. */
    public void limit(long bytes) {
        maxBytes = bytes;
    }

    /** Lets the next reads fail, to be tried again. */
    public void failReads(int count) {
        readsToFail = count;
    }

    /** Damages a batch; found by its next read, or by the next start. */
    public void corrupt(SpoolEntry entry) {
        corrupt.add(entry);
    }

    /** Takes a whole file away. */
    public void lose(String file) {
        files.remove(file);
    }

    /** The intact batches of all files, oldest first: what the next start finds. */
    public List<SpoolEntry> entries() {
        return files.values().stream()
                .flatMap(file -> file.entries.stream())
                .filter(entry -> !corrupt.contains(entry))
                .toList();
    }

    /** The batch of an entry, without reading it the official way. */
    public SpooledBatch batch(SpoolEntry entry) {
        SpoolFile file = files.get(entry.file());
        if (file == null) {
            throw new AssertionError("no file " + entry.file());
        }
        return file.batches.get(file.entries.indexOf(entry));
    }

    /** The names of the files, oldest first. */
    public List<String> files() {
        return List.copyOf(files.keySet());
    }

    /** The names of files that were moved aside instead of deleted. */
    public Set<String> movedAside() {
        return Set.copyOf(movedAside);
    }

    /** How many files were ever written. */
    public int writes() {
        return writes;
    }

    /** How many batches were ever read. */
    public int reads() {
        return reads;
    }
}
