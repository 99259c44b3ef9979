package io.stepvault.worker.store;

import io.stepvault.storage.StepToStore;
import io.stepvault.storage.StoreOutcome;
import io.stepvault.storage.object.StoreException;
import io.stepvault.worker.complete.CaptureResult;
import io.stepvault.worker.complete.CompletionInput;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.MemoryBudget;
import io.stepvault.worker.flow.PipelineThread;
import io.stepvault.worker.flow.SessionBatch;
import io.stepvault.worker.spool.DrainedBatch;
import io.stepvault.worker.spool.SpoolStage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Stores session batches, oldest first, several at a time. What the store does not take for an outage goes to the disk
 * queue and comes back from there when it works again; when the disk is full too, batches are held and tried again,
 * memory fills up, and reading stops: that is all that an outage does. A capture that the store refuses for good, while
 * it takes other objects, becomes a dead letter. Captures of deleted sessions are passed over, counted and named.
 *
 * <p>Does no I/O of its own. Only the pipeline's thread may touch it; the store's answers come back to that thread.
 */
public final class StoreStage implements BatchInput {
    private final StoreSettings settings;
    private final PipelineThread thread;
    private final StepWriter store;
    private final StoreGate gate;
    private final SpoolStage spool;
    private final CompletionInput completions;
    private final MemoryBudget memory;

    private final Deque<Upload> ready = new ArrayDeque<>();
    private final PriorityQueue<Upload> backingOff =
            new PriorityQueue<>(Comparator.comparing((Upload upload) -> upload.notBefore));
    // In the order in which they were begun.
    private final Set<Upload> inFlight = new LinkedHashSet<>();
    private int stepsInFlight;

    /** A stage that announces batches to {@code completions} and gives their memory back once they are stored. */
    public StoreStage(
            StoreSettings settings,
            PipelineThread thread,
            StepWriter store,
            StoreGate gate,
            SpoolStage spool,
            CompletionInput completions,
            MemoryBudget memory) {
        this.settings = settings;
        this.thread = thread;
        this.store = store;
        this.gate = gate;
        this.spool = spool;
        this.completions = completions;
        this.memory = memory;
    }

    @Override
    public void accept(SessionBatch batch) {
        var place = completions.expect(batch.assignment(), batch.sessionId(), batch.firstOffset());
        ready.addLast(new Upload(batch, new Upload.Origin.Topic(place)));
        beginWhatMay();
    }

    /** Begins again what has backed off long enough, and brings back from the disk what the store will take. */
    public void tick() {
        gate.tick();
        Instant now = thread.clock().instant();
        while (!backingOff.isEmpty() && !backingOff.peek().notBefore.isAfter(now)) {
            // To the front: what has failed before is older than what has not been tried.
            ready.addFirst(backingOff.remove());
        }
        beginWhatMay();
        if (gate.mayDrain()) {
            // Half of the places at most, so that what comes from the topic is not held up by what was.
            spool.drain(Math.max(1, settings.maxStepsInFlight() / 2), this::drained);
        }
    }

    private void drained(DrainedBatch drained) {
        ready.addFirst(new Upload(drained.batch(), new Upload.Origin.Disk(drained)));
        beginWhatMay();
    }

    /**
     * Forgets the batches of an assignment that has ended. Uploads under way go on, since every write is idempotent, but
     * nobody waits for them.
     */
    public void discard(Assignment assignment) {
        Predicate<Upload> gone =
                upload -> upload.batch.assignment() == assignment && upload.origin instanceof Upload.Origin.Topic;
        for (Upload upload : List.copyOf(ready)) {
            if (gone.test(upload)) {
                ready.remove(upload);
                memory.release(upload.batch.bytes());
            }
        }
        for (Upload upload : List.copyOf(backingOff)) {
            if (gone.test(upload)) {
                backingOff.remove(upload);
                memory.release(upload.batch.bytes());
            }
        }
    }

    /** The number of batches that wait in memory: for a free place, for the breaker, or for their next attempt. */
    public int waitingBatches() {
        return ready.size() + backingOff.size();
    }

    /** The number of captures being stored now. */
    public int stepsInFlight() {
        return stepsInFlight;
    }

    private void beginWhatMay() {
        while (!ready.isEmpty() && stepsInFlight < settings.maxStepsInFlight() && gate.tryEnter()) {
            begin(ready.removeFirst());
        }
        if (gate.isClosed() || isStalled()) {
            turnAway();
        }
    }

    /** What need not even try goes to the disk at once, if there is room; if not, it waits where it is. */
    private void turnAway() {
        for (int left = ready.size(); left > 0; left--) {
            Upload upload = ready.removeFirst();
            if (upload.origin instanceof Upload.Origin.Disk disk) {
                disk.drained().failed(false, "the store fails");
            } else if (upload.origin instanceof Upload.Origin.Topic topic
                    && !spool.offer(upload.batch, topic.place(), () -> ready.addLast(upload))) {
                ready.addLast(upload);
            }
        }
    }

    /** A store that takes connections and never answers is out as well, long before its time limits say so. */
    private boolean isStalled() {
        return memory.isFull()
                && !inFlight.isEmpty()
                && Duration.between(
                                        inFlight.iterator().next().begunAt,
                                        thread.clock().instant())
                                .compareTo(settings.stalledAfter())
                        > 0;
    }

    private void begin(Upload upload) {
        List<Integer> open = upload.open();
        List<StepToStore> steps = open.stream().map(upload::stepToStore).toList();
        upload.begunAt = thread.clock().instant();
        stepsInFlight += steps.size();
        inFlight.add(upload);
        var unused = store.store(steps).thenAccept(outcomes -> thread.execute(() -> answered(upload, open, outcomes)));
    }

    private void answered(Upload upload, List<Integer> tried, List<StoreOutcome> outcomes) {
        stepsInFlight -= tried.size();
        inFlight.remove(upload);
        int stored = upload.note(tried, outcomes);
        StoreException failure = upload.failure();
        Duration took = Duration.between(upload.begunAt, thread.clock().instant());
        if (failure == null) {
            gate.succeeded(
                    (int) outcomes.stream()
                            .filter(StoreOutcome.Stored.class::isInstance)
                            .count(),
                    took);
            finish(upload);
        } else {
            gate.failed(failure, took, stored);
            String why = String.valueOf(failure.getMessage());
            if (StoreGate.isThrottled(failure)) {
                throttled(upload, why);
            } else if (StoreGate.isFull(failure)) {
                // A probe needs no room: that it is taken would not make this the capture's own fault.
                failed(upload, false, why);
            } else if (StoreGate.isAboutOneObject(failure) || upload.origin instanceof Upload.Origin.Disk) {
                gate.confirm(works -> failedWhileStore(works, upload, why));
            } else {
                failed(upload, false, why);
            }
        }
        beginWhatMay();
    }

    /**
     * A store that takes others is given the rest once more, and no more than the rest: brought back from the disk, the
     * whole batch would be written again, to a store that has no room as it is.
     */
    private void throttled(Upload upload, String why) {
        if (upload.origin instanceof Upload.Origin.Topic && gate.isBusy() && !memory.isFull()) {
            hold(upload);
        } else {
            failed(upload, false, why);
        }
    }

    /** What the store says of one object counts only if it takes another at the same time. */
    private void failedWhileStore(boolean works, Upload upload, String why) {
        if (works) {
            upload.refuseRefused();
            if (upload.origin instanceof Upload.Origin.Disk disk
                    && disk.drained().isLastAttempt()) {
                upload.refuseFailed();
            }
        }
        if (upload.isFinished()) {
            finish(upload);
        } else {
            failed(upload, works, why);
        }
    }

    private void finish(Upload upload) {
        Instant now = thread.clock().instant();
        int deleted = (int) upload.results().stream()
                .filter(CaptureResult.SessionDeleted.class::isInstance)
                .count();
        if (deleted > 0) {
            gate.passedOver(upload.batch, deleted);
        }
        if (upload.origin instanceof Upload.Origin.Topic topic) {
            memory.release(upload.batch.bytes());
            topic.place().finished(upload.batch, upload.results(), now, () -> {});
            upload.giveBack();
        } else if (upload.origin instanceof Upload.Origin.Disk disk) {
            disk.drained().finished(upload.results(), now);
        }
    }

    private void failed(Upload upload, boolean storeWorks, String why) {
        if (upload.origin instanceof Upload.Origin.Disk disk) {
            disk.drained().failed(storeWorks, why);
        } else if (!upload.batch.assignment().isHeld()) {
            memory.release(upload.batch.bytes());
        } else if (!(upload.origin instanceof Upload.Origin.Topic topic)
                || !spool.offer(upload.batch, topic.place(), () -> hold(upload))) {
            hold(upload);
        }
    }

    private void hold(Upload upload) {
        if (!upload.batch.assignment().isHeld()) {
            memory.release(upload.batch.bytes());
            return;
        }
        upload.attempts++;
        upload.notBefore = thread.clock().instant().plus(settings.backOff(upload.attempts));
        backingOff.add(upload);
    }
}
