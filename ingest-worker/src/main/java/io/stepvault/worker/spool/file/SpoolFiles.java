package io.stepvault.worker.spool.file;

import io.stepvault.worker.spool.SpoolDisk;
import io.stepvault.worker.spool.SpoolEntry;
import io.stepvault.worker.spool.SpooledBatch;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The disk queue's files, on a real disk. One thread writes and deletes and another one reads, so that neither a slow
 * fsync holds up a drain nor the other way round. Nobody interrupts them: an interrupt would close the file that is
 * being written.
 *
 * <p>Safe for any thread.
 */
public final class SpoolFiles implements SpoolDisk, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SpoolFiles.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final SpoolPaths paths;
    private final SpoolLimits limits;
    private final FreeSpace freeSpace;
    private final Clock clock;
    private final QueueFiles queue;
    private final ExecutorService writer;
    private final ExecutorService reader;
    private final Set<String> damaged = ConcurrentHashMap.newKeySet();

    // Only the writer's thread touches these.
    private final Map<String, FileUse> files = new HashMap<>();
    private FileName last = FileName.FIRST;
    private long bytesInFiles;
    private int batchesInFiles;
    private long bytesAside;

    // Only the reader's thread touches it.
    private final SpoolReader spoolReader = new SpoolReader();

    private volatile Use use;
    private volatile boolean closing;

    private record FileUse(long bytes, int batches) {}

    /**
     * A disk over a directory whose contents have been read.
     *
     * @throws IOException if the directory cannot be looked into
     */
    public SpoolFiles(
            SpoolDirectory directory, SpoolContents contents, SpoolLimits limits, FreeSpace freeSpace, Clock clock)
            throws IOException {
        this(directory.paths(), contents, limits, freeSpace, clock, Access.ofSystem());
    }

    /**
     * How the files are come at.
     *
     * @param writer writes and deletes, one after the other
     * @param reader reads, one after the other
     */
    record Access(FileOpener opener, ExecutorService writer, ExecutorService reader) {
        static Access ofSystem() {
            return of(FileOpener.ofSystem());
        }

        static Access of(FileOpener opener) {
            return new Access(opener, thread("spool-writer"), thread("spool-reader"));
        }
    }

    SpoolFiles(
            SpoolPaths paths,
            SpoolContents contents,
            SpoolLimits limits,
            FreeSpace freeSpace,
            Clock clock,
            Access access)
            throws IOException {
        this.paths = paths;
        this.limits = limits;
        this.freeSpace = freeSpace;
        this.clock = clock;
        this.writer = access.writer();
        this.reader = access.reader();
        this.queue = new QueueFiles(paths.queue(), paths.corrupt(), access.opener());
        for (ScannedFile file : contents.files()) {
            add(file.name(), new FileUse(file.bytes(), file.batches().size()));
            if (file.condition() == ScannedFile.Condition.DAMAGED) {
                damaged.add(file.name());
            }
            last = FileName.parse(file.name())
                    .filter(name -> name.compareTo(last) > 0)
                    .orElse(last);
        }
        this.bytesAside = queue.bytesAside();
        this.use = measureUse();
    }

    private static ExecutorService thread(String name) {
        return Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public CompletableFuture<Written> write(List<SpooledBatch> batches) {
        List<SpooledBatch> copy = List.copyOf(batches);
        return submit(
                writer,
                () -> writeNow(copy),
                why -> new Written.Refused("cannot write to the disk queue: " + why, true));
    }

    @Override
    public CompletableFuture<ReadBack> read(SpoolEntry entry) {
        return submit(
                reader, () -> readNow(entry), why -> new ReadBack.Failed("cannot read " + entry.file() + ": " + why));
    }

    @Override
    @SuppressWarnings("NullAway") // a future of nothing completes with null
    public CompletableFuture<Void> delete(String file) {
        return submit(writer, () -> deleteNow(file), why -> false).thenApply(deleted -> null);
    }

    @Override
    public Use use() {
        return use;
    }

    /**
     * Lets what is being written and read come to its end, for a bounded time; what has not begun is not done any more.
     * The directory stays locked. Idempotent.
     */
    @Override
    public void close() {
        closing = true;
        writer.shutdown();
        reader.shutdown();
        try {
            if (!writer.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                log.atError()
                        .addKeyValue("directory", paths.root())
                        .log("The disk of the queue does not answer; what was being written may be lost from it, and"
                                + " is still on the topic");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private <T> CompletableFuture<T> submit(ExecutorService thread, Supplier<T> task, Function<String, T> ifFailed) {
        Supplier<T> unlessClosing = () -> closing ? ifFailed.apply("the worker stops") : task.get();
        try {
            return CompletableFuture.supplyAsync(unlessClosing, thread).exceptionally(failure -> {
                log.atError().setCause(failure).log("A task of the disk queue failed in a way that nobody expected");
                return ifFailed.apply(failure.toString());
            });
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(ifFailed.apply("the worker stops"));
        }
    }

    private Written writeNow(List<SpooledBatch> batches) {
        List<BatchEncoder.Measured> measured =
                batches.stream().map(BatchEncoder::measure).toList();
        long bytes = SpoolFormat.firstBlock();
        for (BatchEncoder.Measured batch : measured) {
            if (batch.bytes() > SpoolFormat.MAX_BATCH_BYTES) {
                return new Written.Refused("a batch of " + batch.bytes() + " bytes is too large for a file", true);
            }
            bytes += batch.blockBytes();
        }
        try {
            Written.Refused refused = refusal(bytes, measured.size());
            if (refused != null) {
                return refused;
            }
            FileName name = last.next(clock.instant());
            List<SpoolEntry> entries = queue.write(name, measured);
            last = name;
            add(name.toString(), new FileUse(bytes, measured.size()));
            use = measureUse();
            return new Written.Durably(entries);
        } catch (IOException e) {
            return new Written.Refused(
                    "cannot write to the disk queue in " + paths.root() + " (" + reason(e)
                            + "); check the disk and its permissions",
                    true);
        }
    }

    private Written.@Nullable Refused refusal(long bytes, int batches) throws IOException {
        if (batchesInFiles + batches > limits.maxBatches()) {
            return new Written.Refused(
                    "the disk queue holds " + batchesInFiles + " batches, and may remember " + limits.maxBatches()
                            + "; bring the store back, or give the worker more heap",
                    false);
        }
        if (use.bytes() + bytes > limits.maxBytes()) {
            // An operator may have cleared away what was moved aside.
            bytesAside = queue.bytesAside();
            use = measureUse();
        }
        if (use.bytes() + bytes > limits.maxBytes()) {
            return new Written.Refused(
                    "the budget of the disk queue, " + limits.maxBytes()
                            + " bytes, is used up; bring the store back, or" + " raise spool.max.bytes",
                    false);
        }
        long free = freeSpace.usableBytes();
        if (free - bytes < limits.minFreeBytes()) {
            return new Written.Refused(
                    "the disk of " + paths.root() + " has " + free + " bytes left, and " + limits.minFreeBytes()
                            + " are to stay free; make room on it, or bring the store back",
                    false);
        }
        return null;
    }

    private ReadBack readNow(SpoolEntry entry) {
        try {
            return new ReadBack.Intact(spoolReader.read(paths.queue(), entry));
        } catch (DamagedException e) {
            damaged.add(entry.file());
            return new ReadBack.Corrupt(
                    "file " + entry.file() + " is damaged at byte " + entry.position() + ": " + e.getMessage());
        } catch (NoSuchFileException e) {
            return new ReadBack.Corrupt("file " + entry.file() + " is gone; somebody has removed it");
        } catch (IOException e) {
            return new ReadBack.Failed("file " + entry.file() + " cannot be read (" + reason(e) + "); check the disk");
        }
    }

    private boolean deleteNow(String file) {
        FileUse deleted = files.get(file);
        if (deleted == null) {
            return false;
        }
        try {
            if (damaged.contains(file)) {
                queue.moveAside(file);
                bytesAside = queue.bytesAside();
            } else {
                queue.delete(file);
            }
        } catch (IOException e) {
            log.atWarn()
                    .setCause(e)
                    .addKeyValue("file", file)
                    .log("Spool file could not be removed; the next start finds it and stores its batches once more");
            return false;
        }
        damaged.remove(file);
        files.remove(file);
        bytesInFiles -= deleted.bytes();
        batchesInFiles -= deleted.batches();
        use = measureUse();
        return true;
    }

    private void add(String file, FileUse added) {
        files.put(file, added);
        bytesInFiles += added.bytes();
        batchesInFiles += added.batches();
    }

    private Use measureUse() {
        return new Use(bytesInFiles + bytesAside, limits.maxBytes(), files.size());
    }

    private static String reason(IOException failure) {
        return failure.getClass().getSimpleName() + ": " + failure.getMessage();
    }
}
