package io.stepvault.worker.store;

import io.stepvault.storage.StepToStore;
import io.stepvault.storage.StoreOutcome;
import io.stepvault.storage.object.StoreException;
import io.stepvault.worker.complete.CompletionInput;
import io.stepvault.worker.complete.PendingCompletion;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.MemoryBudget;
import io.stepvault.worker.flow.PipelineThread;
import io.stepvault.worker.flow.SessionBatch;
import io.stepvault.worker.flow.TrackedCapture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Stores session batches, oldest first, several at a time. What fails is kept and tried again, capture by capture,
 * until the store takes it; the {@link StoreGate} spares a store that does not work. Meanwhile memory fills up and
 * reading stops, which is all that an outage does.
 *
 * <p>Does no I/O of its own. Only the pipeline's thread may touch it; the store's answers come back to that thread.
 */
public final class StoreStage implements BatchInput {
    private final StoreSettings settings;
    private final PipelineThread thread;
    private final StepWriter store;
    private final StoreGate gate;
    private final CompletionInput completions;
    private final MemoryBudget memory;

    private final Deque<Upload> ready = new ArrayDeque<>();
    private final PriorityQueue<Upload> backingOff =
            new PriorityQueue<>(Comparator.comparing(upload -> upload.notBefore));
    private int stepsInFlight;

    /** A stage that announces batches to {@code completions} and gives their memory back once they are stored. */
    public StoreStage(
            StoreSettings settings,
            PipelineThread thread,
            StepWriter store,
            StoreGate gate,
            CompletionInput completions,
            MemoryBudget memory) {
        this.settings = settings;
        this.thread = thread;
        this.store = store;
        this.gate = gate;
        this.completions = completions;
        this.memory = memory;
    }

    @Override
    public void accept(SessionBatch batch) {
        ready.addLast(new Upload(batch, completions.expect(batch)));
        beginWhatMay();
    }

    /** Begins again what has backed off long enough, and lets the gate look after the store. */
    public void tick() {
        gate.tick();
        Instant now = thread.clock().instant();
        while (!backingOff.isEmpty() && !backingOff.peek().notBefore.isAfter(now)) {
            // To the front: what has failed before is older than what has not been tried.
            ready.addFirst(backingOff.remove());
        }
        beginWhatMay();
    }

    /**
     * Forgets the batches of an assignment that has ended. Uploads under way go on, since every write is idempotent, but
     * nobody waits for them.
     */
    public void discard(Assignment assignment) {
        forget(ready.stream()
                .filter(upload -> upload.batch.assignment() == assignment)
                .toList());
        forget(backingOff.stream()
                .filter(upload -> upload.batch.assignment() == assignment)
                .toList());
    }

    private void forget(List<Upload> uploads) {
        for (Upload upload : uploads) {
            ready.remove(upload);
            backingOff.remove(upload);
            memory.release(upload.batch.bytes());
        }
    }

    /** The number of batches that wait: for a free place, for the breaker, or for their next attempt. */
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
    }

    private void begin(Upload upload) {
        List<Integer> missing = upload.missing();
        List<StepToStore> steps = missing.stream().map(upload::stepToStore).toList();
        Instant begun = thread.clock().instant();
        stepsInFlight += steps.size();
        var unused = store.store(steps)
                .thenAccept(outcomes -> thread.execute(() -> finished(upload, missing, outcomes, begun)));
    }

    private void finished(Upload upload, List<Integer> tried, List<StoreOutcome> outcomes, Instant begun) {
        stepsInFlight -= tried.size();
        Instant now = thread.clock().instant();
        StoreException failure = upload.note(tried, outcomes);
        Duration took = Duration.between(begun, now);
        if (failure != null) {
            gate.failed(failure, took);
        } else {
            gate.succeeded(tried.size(), took);
        }
        if (!upload.batch.assignment().isHeld()) {
            memory.release(upload.batch.bytes());
        } else if (failure != null) {
            upload.attempts++;
            upload.notBefore = now.plus(settings.backOff(upload.attempts));
            backingOff.add(upload);
        } else {
            memory.release(upload.batch.bytes());
            upload.completion.stored(upload.stored(), now);
        }
        beginWhatMay();
    }

    private static final class Upload {
        private final SessionBatch batch;
        private final PendingCompletion completion;
        private final StoreOutcome.@Nullable Stored[] stored;
        private int attempts;
        private Instant notBefore = Instant.MIN;

        Upload(SessionBatch batch, PendingCompletion completion) {
            this.batch = batch;
            this.completion = completion;
            this.stored = new StoreOutcome.@Nullable Stored[batch.captures().size()];
        }

        List<Integer> missing() {
            List<Integer> missing = new ArrayList<>(stored.length);
            for (int i = 0; i < stored.length; i++) {
                if (stored[i] == null) {
                    missing.add(i);
                }
            }
            return missing;
        }

        StepToStore stepToStore(int index) {
            TrackedCapture capture = batch.captures().get(index);
            return new StepToStore(
                    capture.capture(),
                    Map.of(
                            "topic", batch.assignment().partition().topic(),
                            "partition",
                                    Integer.toString(
                                            batch.assignment().partition().partition()),
                            "offset", Long.toString(capture.offset().offset())));
        }

        /** Keeps what is stored, and returns the last failure, if there is one. */
        @Nullable
        StoreException note(List<Integer> tried, List<StoreOutcome> outcomes) {
            StoreException failure = null;
            for (int i = 0; i < tried.size(); i++) {
                if (outcomes.get(i) instanceof StoreOutcome.Stored step) {
                    stored[tried.get(i)] = step;
                } else if (outcomes.get(i) instanceof StoreOutcome.Failed failed) {
                    failure = failed.cause();
                }
            }
            return failure;
        }

        List<StoreOutcome.Stored> stored() {
            return Arrays.stream(stored).map(Objects::requireNonNull).toList();
        }
    }
}
