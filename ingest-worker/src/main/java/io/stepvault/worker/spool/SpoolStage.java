package io.stepvault.worker.spool;

import io.stepvault.worker.complete.CaptureResult;
import io.stepvault.worker.complete.CompletionInput;
import io.stepvault.worker.complete.PendingCompletion;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.MemoryBudget;
import io.stepvault.worker.flow.PipelineThread;
import io.stepvault.worker.flow.SessionBatch;
import io.stepvault.worker.flow.TrackedOffset;
import io.stepvault.worker.metrics.WorkerMetrics;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The disk queue: takes batches that the store does not, and brings them back, oldest first. Batches that wait together
 * are written together. What was read once need not be read again: after a restart, batches whose records nobody has
 * settled are adopted by their partition's assignment, and their records skipped on the topic.
 *
 * <p>No offset is settled by being on the disk. So a batch is removed only after the completion that settles its records
 * is committed, or, when its partition is somebody else's, once its bytes are stored: the other owner reads and
 * completes the records by itself.
 *
 * <p>Pure but for the {@link SpoolDisk} that it calls; only the pipeline's thread may touch it.
 */
public final class SpoolStage {
    private static final Logger log = LoggerFactory.getLogger(SpoolStage.class);

    private final SpoolSettings settings;
    private final PipelineThread thread;
    private final SpoolDisk disk;
    private final SpooledForm form;
    private final CompletionInput completions;
    private final MemoryBudget memory;
    private final WorkerMetrics metrics;

    private final Tickets tickets = new Tickets();
    private final SpoolWriter writer;
    private final Map<Assignment, String> clusters = new HashMap<>();
    private int drainingSteps;

    /**
     * A queue on {@code disk}.
     *
     * @param found what earlier runs have left there
     */
    public SpoolStage(
            SpoolSettings settings,
            PipelineThread thread,
            SpoolDisk disk,
            List<SpoolEntry> found,
            CompletionInput completions,
            MemoryBudget memory,
            WorkerMetrics metrics) {
        this.settings = settings;
        this.thread = thread;
        this.disk = disk;
        this.form = new SpooledForm();
        this.completions = completions;
        this.memory = memory;
        this.metrics = metrics;
        this.writer = new SpoolWriter(
                thread, disk, batch -> form.of(batch, origin(batch.assignment())), this::spooled, memory, metrics);
        found.forEach(tickets::enter);
    }

    /**
     * Takes an assignment on: what the disk holds of its partition and nobody has settled is adopted, to be completed
     * under it. Before any of its records is delivered.
     */
    public void begin(Assignment assignment, String clusterId) {
        clusters.put(assignment, clusterId);
        BatchOrigin origin = origin(assignment);
        int adopted = tickets.all()
                .filter(ticket -> ticket.owner == null && ticket.entry.origin().equals(origin))
                .mapToInt(ticket -> adopt(ticket, assignment))
                .sum();
        if (adopted > 0) {
            log.atInfo()
                    .addKeyValue("partition", assignment.partition())
                    .addKeyValue("batches", adopted)
                    .log("Batches on disk adopted; their records are not read again");
        }
    }

    private int adopt(Ticket ticket, Assignment assignment) {
        Optional<List<TrackedOffset>> offsets = assignment.adopt(ticket.entry.offsets(), ticket.entry.sessionId());
        offsets.ifPresent(handles -> {
            own(ticket, assignment, handles);
            if (ticket.state == Ticket.State.WAITING) {
                toWaiting(ticket);
            }
        });
        return offsets.isPresent() ? 1 : 0;
    }

    private void own(Ticket ticket, Assignment assignment, List<TrackedOffset> handles) {
        ticket.owner = new Ticket.Owner(
                assignment,
                handles,
                completions.expect(assignment, ticket.entry.sessionId(), ticket.entry.firstOffset()));
        if (ticket.setAsideAt != null) {
            ticket.owner.place.waiveOrder();
        }
    }

    /** Lets an assignment go that has ended: of its batches only the bytes matter from now on. */
    public void discard(Assignment assignment) {
        clusters.remove(assignment);
        tickets.forget(assignment);
        tickets.all().filter(ticket -> ticket.isOf(assignment)).forEach(ticket -> {
            ticket.owner = null;
            if (ticket.state == Ticket.State.STORED) {
                // Whether its completion was committed is not known here. Stored once more, it does no harm.
                toWaiting(ticket);
            }
        });
    }

    /**
     * Takes a batch that the store does not take.
     *
     * @param whenRefused run later if the disk does not take it either: then the batch is the caller's again
     * @return whether it was taken; if not, the disk is full
     */
    public boolean offer(SessionBatch batch, PendingCompletion place, Runnable whenRefused) {
        if (isFull()) {
            return false;
        }
        writer.write(new SpoolWriter.Offered(batch, place, whenRefused));
        return true;
    }

    private void spooled(SpoolWriter.Offered offered, SpoolEntry entry) {
        Ticket ticket = tickets.enter(entry);
        SessionBatch batch = offered.batch();
        if (batch.assignment().isHeld()) {
            ticket.owner = new Ticket.Owner(batch.assignment(), batch.offsets(), offered.place());
        }
        memory.release(batch.bytes());
        batch.captures().forEach(capture -> capture.record().giveBack());
        metrics.batchSpooled(entry.captures());
    }

    /**
     * Brings batches back that may be stored now.
     *
     * @param maxSteps about how many captures may be under way
     * @param to takes each batch, later and on the pipeline's thread
     */
    public void drain(int maxSteps, Consumer<DrainedBatch> to) {
        Instant now = thread.clock().instant();
        Optional<Ticket> next = tickets.next(now);
        while (next.filter(ticket -> hasRoomFor(ticket, maxSteps)).isPresent()) {
            read(next.get(), to);
            next = tickets.next(now);
        }
    }

    /** One at a time goes whatever memory says: it is by draining that memory becomes free. */
    private boolean hasRoomFor(Ticket ticket, int maxSteps) {
        return drainingSteps == 0
                || (drainingSteps + ticket.entry.captures() <= maxSteps && memory.hasRoom(ticket.entry.bytes()));
    }

    private void read(Ticket ticket, Consumer<DrainedBatch> to) {
        tickets.drain(ticket);
        drainingSteps += ticket.entry.captures();
        memory.take(ticket.entry.bytes());
        Drain drain = new Drain(ticket);
        var unused = disk.read(ticket.entry).thenAccept(read -> thread.execute(() -> drain.readBack(read, to)));
    }

    private void corrupt(Ticket ticket, String why) {
        Ticket.Owner owner = ticket.owner;
        metrics.spooledBatchCorrupt();
        log.atError()
                .addKeyValue("file", ticket.entry.file())
                .addKeyValue("cause", why)
                .addKeyValue("partition", ticket.entry.origin().partition())
                .addKeyValue("offsets", ticket.entry.offsets())
                .addKeyValue("readAgain", owner != null)
                .log("Spooled batch is corrupt; its file will be moved aside");
        remove(ticket);
        if (owner != null) {
            owner.place.abandon();
            owner.offsets.forEach(TrackedOffset::readAgain);
        }
    }

    private void toWaiting(Ticket ticket) {
        tickets.await(ticket, thread.clock().instant());
    }

    private void remove(Ticket ticket) {
        tickets.remove(ticket).ifPresent(emptied -> {
            writer.roomAgain();
            var unused = disk.delete(emptied);
        });
    }

    private BatchOrigin origin(Assignment assignment) {
        return new BatchOrigin(clusters.getOrDefault(assignment, ""), assignment.topicId(), assignment.partition());
    }

    /** Whether the disk is at work, so that answers are expected soon. */
    public boolean isBusy() {
        return writer.isWriting() || drainingSteps > 0;
    }

    /** The number of an assignment's records that wait on the disk. */
    public int parked(Assignment assignment) {
        return tickets.all()
                .filter(ticket -> ticket.isOf(assignment) && ticket.state != Ticket.State.STORED)
                .mapToInt(ticket -> ticket.entry.offsets().size())
                .sum();
    }

    /** The number of batches on the disk, or on their way to it. */
    public int batches() {
        return writer.waiting() + tickets.size();
    }

    /** Memory that the entries of batches on the disk take up, in bytes. */
    public long entryBytes() {
        return tickets.bytesInMemory();
    }

    /** The number of batches that were set aside. */
    public int setAside() {
        return tickets.setAside();
    }

    /** Whether the disk did not take the last batch that it was given. */
    public boolean isFull() {
        return writer.isRefused() || tickets.bytesInMemory() > settings.entriesMaxBytes();
    }

    /** When the oldest batch on the disk was written. */
    public Optional<Instant> oldest() {
        return tickets.oldest();
    }

    /** One attempt to bring a batch back, for the owner that it had when the attempt began. */
    private final class Drain {
        private final Ticket ticket;
        private final Ticket.@Nullable Owner owner;

        Drain(Ticket ticket) {
            this.ticket = ticket;
            this.owner = ticket.owner;
        }

        void readBack(SpoolDisk.ReadBack read, Consumer<DrainedBatch> to) {
            if (ticket.state == Ticket.State.GONE) {
                end();
            } else if (read instanceof SpoolDisk.ReadBack.Corrupt corrupt) {
                end();
                corrupt(ticket, corrupt.why());
            } else if (read instanceof SpoolDisk.ReadBack.Failed failed) {
                end();
                ticket.notBefore = thread.clock().instant().plus(SpoolWriter.TRY_DISK_AGAIN_AFTER);
                toWaiting(ticket);
                log.atError()
                        .addKeyValue("file", ticket.entry.file())
                        .addKeyValue("cause", failed.why())
                        .log("Reading the disk queue fails; will try again");
            } else if (read instanceof SpoolDisk.ReadBack.Intact intact) {
                Optional<SessionBatch> batch =
                        form.toBatch(intact.batch(), owner == null ? Optional.empty() : Optional.of(owner.offsets));
                if (batch.isPresent()) {
                    to.accept(new Attempt(this, batch.get()));
                } else {
                    end();
                    corrupt(ticket, "a capture in it cannot be decoded any more");
                }
            }
        }

        boolean isOutdated() {
            return ticket.state != Ticket.State.DRAINING || ticket.owner != owner;
        }

        void end() {
            drainingSteps -= ticket.entry.captures();
            memory.release(ticket.entry.bytes());
        }
    }

    private final class Attempt implements DrainedBatch {
        private final Drain drain;
        private final SessionBatch batch;

        Attempt(Drain drain, SessionBatch batch) {
            this.drain = drain;
            this.batch = batch;
        }

        @Override
        public SessionBatch batch() {
            return batch;
        }

        @Override
        public boolean isLastAttempt() {
            Instant setAsideAt = drain.ticket.setAsideAt;
            return drain.owner != null
                    && setAsideAt != null
                    && !setAsideAt
                            .plus(settings.setAsideMax())
                            .isAfter(thread.clock().instant());
        }

        @Override
        public void finished(List<CaptureResult> results, Instant storedAt) {
            drain.end();
            Ticket ticket = drain.ticket;
            if (drain.isOutdated()) {
                // The partition went or came meanwhile: whoever answers for the batch now drains it once more.
                toWaiting(ticket);
            } else if (drain.owner == null) {
                boolean refused = results.stream().anyMatch(CaptureResult.Refused.class::isInstance);
                if (!refused || isSettled(ticket)) {
                    metrics.batchDrained(ticket.entry.captures(), false);
                    remove(ticket);
                } else {
                    failed(
                            ticket,
                            "the store refuses a capture of it, and only its partition's owner can dead-letter it");
                }
            } else {
                ticket.state = Ticket.State.STORED;
                metrics.batchDrained(ticket.entry.captures(), true);
                Ticket.Owner owner = drain.owner;
                owner.place.finished(batch, results, storedAt, () -> {
                    if (ticket.owner == owner) {
                        remove(ticket);
                    }
                });
            }
        }

        @Override
        public void failed(boolean storeWorks, String why) {
            drain.end();
            if (storeWorks && !drain.isOutdated()) {
                failed(drain.ticket, why);
            } else {
                toWaiting(drain.ticket);
            }
        }

        /** Whether all its records are settled meanwhile, as far as this worker holds their partition. */
        private boolean isSettled(Ticket ticket) {
            return clusters.keySet().stream()
                    .filter(assignment -> origin(assignment).equals(ticket.entry.origin()))
                    .anyMatch(assignment -> ticket.entry.offsets().stream().allMatch(assignment::isSettled));
        }

        private void failed(Ticket ticket, String why) {
            Instant now = thread.clock().instant();
            ticket.failures++;
            ticket.notBefore = now.plus(settings.backOff(ticket.failures));
            if (ticket.failures >= settings.setAsideAfter() && ticket.setAsideAt == null) {
                tickets.setAside(ticket, now);
                if (ticket.owner != null) {
                    ticket.owner.place.waiveOrder();
                }
                metrics.batchSetAside();
                log.atError()
                        .addKeyValue("file", ticket.entry.file())
                        .addKeyValue("partition", ticket.entry.origin().partition())
                        .addKeyValue("offsets", ticket.entry.offsets())
                        .addKeyValue("cause", why)
                        .log("Batch fails while the store takes others; set aside, it is tried again less and less");
            }
            toWaiting(ticket);
        }
    }
}
