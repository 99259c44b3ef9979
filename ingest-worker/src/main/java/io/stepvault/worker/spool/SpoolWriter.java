package io.stepvault.worker.spool;

import io.stepvault.worker.complete.PendingCompletion;
import io.stepvault.worker.flow.MemoryBudget;
import io.stepvault.worker.flow.PipelineThread;
import io.stepvault.worker.flow.SessionBatch;
import io.stepvault.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes batches to the disk, those that wait together into one file. When the disk takes none, it is left alone for a
 * while, and the batches go back. Pure but for the {@link SpoolDisk}; only the pipeline's thread may touch it.
 */
final class SpoolWriter {
    private static final Logger log = LoggerFactory.getLogger(SpoolWriter.class);
    private static final int BATCHES_PER_FILE = 2_000;
    private static final long BYTES_PER_FILE = 64L << 20;
    static final Duration TRY_DISK_AGAIN_AFTER = Duration.ofSeconds(5);

    /**
     * A batch to be written.
     *
     * @param whenRefused run later if the disk does not take it
     */
    record Offered(SessionBatch batch, PendingCompletion place, Runnable whenRefused) {}

    private final PipelineThread thread;
    private final SpoolDisk disk;
    private final Function<SessionBatch, SpooledBatch> form;
    private final BiConsumer<Offered, SpoolEntry> written;
    private final MemoryBudget memory;
    private final WorkerMetrics metrics;

    private final Deque<Offered> toWrite = new ArrayDeque<>();
    private boolean writing;
    private Instant refusedUntil = Instant.MIN;

    /**
     * A writer to {@code disk}.
     *
     * @param form what is written of a batch
     * @param written told of each batch that is on the disk
     */
    SpoolWriter(
            PipelineThread thread,
            SpoolDisk disk,
            Function<SessionBatch, SpooledBatch> form,
            BiConsumer<Offered, SpoolEntry> written,
            MemoryBudget memory,
            WorkerMetrics metrics) {
        this.thread = thread;
        this.disk = disk;
        this.form = form;
        this.written = written;
        this.memory = memory;
        this.metrics = metrics;
    }

    void write(Offered offered) {
        toWrite.addLast(offered);
        writeNext();
    }

    private void writeNext() {
        if (writing || toWrite.isEmpty()) {
            return;
        }
        List<Offered> together = new ArrayList<>();
        List<SpooledBatch> batches = new ArrayList<>();
        long bytes = 0;
        while (!toWrite.isEmpty() && batches.size() < BATCHES_PER_FILE && bytes < BYTES_PER_FILE) {
            Offered next = toWrite.removeFirst();
            if (!next.batch.assignment().isHeld()) {
                memory.release(next.batch.bytes()); // Its next owner reads it from the topic.
                continue;
            }
            bytes += next.batch.bytes();
            together.add(next);
            batches.add(form.apply(next.batch));
        }
        if (!batches.isEmpty()) {
            writing = true;
            var unused = disk.write(batches).thenAccept(result -> thread.execute(() -> written(together, result)));
        }
    }

    private void written(List<Offered> together, SpoolDisk.Written result) {
        writing = false;
        if (result instanceof SpoolDisk.Written.Durably durably) {
            for (int i = 0; i < together.size(); i++) {
                written.accept(together.get(i), durably.entries().get(i));
            }
            writeNext();
        } else if (result instanceof SpoolDisk.Written.Refused refused) {
            refusedUntil = thread.clock().instant().plus(TRY_DISK_AGAIN_AFTER);
            metrics.spoolRefused();
            (refused.operatorMustAct() ? log.atError() : log.atWarn())
                    .addKeyValue("cause", refused.why())
                    .log("Disk queue takes no batch; they are held in memory, and reading pauses when that is full");
            List<Offered> back = new ArrayList<>(together);
            back.addAll(toWrite);
            toWrite.clear();
            back.forEach(offered -> offered.whenRefused.run());
        }
    }

    /** Says that something was removed from the disk: perhaps it takes batches again. */
    void roomAgain() {
        refusedUntil = Instant.MIN;
    }

    /** Whether the disk did not take the last batch that it was given, a short while ago. */
    boolean isRefused() {
        return thread.clock().instant().isBefore(refusedUntil);
    }

    boolean isWriting() {
        return writing;
    }

    /** The number of batches on their way to the disk that it has not been given yet. */
    int waiting() {
        return toWrite.size();
    }
}
