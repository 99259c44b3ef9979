package io.stepvault.worker.store;

import io.stepvault.capture.Rejection;
import io.stepvault.storage.StepToStore;
import io.stepvault.storage.StoreOutcome;
import io.stepvault.storage.object.StoreException;
import io.stepvault.worker.complete.CaptureResult;
import io.stepvault.worker.complete.PendingCompletion;
import io.stepvault.worker.flow.Provenance;
import io.stepvault.worker.flow.SessionBatch;
import io.stepvault.worker.flow.TrackedCapture;
import io.stepvault.worker.spool.DrainedBatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A batch on its way to the store, and what has become of each of its captures so far. */
final class Upload {
    final SessionBatch batch;
    final Origin origin;
    int attempts;
    Instant notBefore = Instant.MIN;
    Instant begunAt = Instant.MAX;

    private final @Nullable CaptureResult[] results;
    private final @Nullable StoreException[] failures;

    /** Where a batch comes from, and so who waits for it. */
    sealed interface Origin {
        /** From the topic: its bytes count against the memory budget. */
        record Topic(PendingCompletion place) implements Origin {}

        /** From the disk queue, which counts it and takes it back. */
        record Disk(DrainedBatch drained) implements Origin {}
    }

    Upload(SessionBatch batch, Origin origin) {
        this.batch = batch;
        this.origin = origin;
        this.results = new CaptureResult[batch.captures().size()];
        this.failures = new StoreException[batch.captures().size()];
    }

    /** The captures of which nothing final is known, by their index. */
    List<Integer> open() {
        List<Integer> open = new ArrayList<>(results.length);
        for (int i = 0; i < results.length; i++) {
            if (results[i] == null) {
                open.add(i);
            }
        }
        return open;
    }

    StepToStore stepToStore(int index) {
        TrackedCapture capture = batch.captures().get(index);
        return new StepToStore(
                capture.capture(),
                new Provenance(batch.assignment().partition(), capture.offset().offset()).toMap());
    }

    /** Keeps what the store answered for the captures that were tried, and tells how many it has stored of them. */
    int note(List<Integer> tried, List<StoreOutcome> outcomes) {
        int stored = 0;
        for (int i = 0; i < tried.size(); i++) {
            int index = tried.get(i);
            if (outcomes.get(i) instanceof StoreOutcome.Stored step) {
                results[index] = new CaptureResult.Stored(step);
                failures[index] = null;
                stored++;
            } else if (outcomes.get(i) instanceof StoreOutcome.SessionDeleted) {
                results[index] = new CaptureResult.SessionDeleted();
                failures[index] = null;
            } else if (outcomes.get(i) instanceof StoreOutcome.NotKept) {
                results[index] = new CaptureResult.NotKept();
                failures[index] = null;
            } else if (outcomes.get(i) instanceof StoreOutcome.Failed failed) {
                failures[index] = failed.cause();
            }
        }
        return stored;
    }

    /** The failure that says most: that the store fails, or else that it has no room, or else one of an object, or null. */
    @Nullable
    StoreException failure() {
        return Arrays.stream(failures)
                .filter(Objects::nonNull)
                .max(Comparator.comparing((StoreException failure) -> !StoreGate.isAboutOneObject(failure))
                        .thenComparing(failure -> !StoreGate.isThrottled(failure)))
                .orElse(null);
    }

    /** Gives up the captures that the store refuses for good. */
    void refuseRefused() {
        for (int i = 0; i < results.length; i++) {
            StoreException failure = failures[i];
            if (failure != null && StoreGate.isAboutOneObject(failure)) {
                refuse(i, Rejection.Reason.REFUSED_BY_STORE, failure);
            }
        }
    }

    /** Gives up every capture that has failed, but for want of room. */
    void refuseFailed() {
        for (int i = 0; i < results.length; i++) {
            StoreException failure = failures[i];
            if (failure != null && !StoreGate.isThrottled(failure)) {
                refuse(i, Rejection.Reason.STORE_GAVE_UP, failure);
            }
        }
    }

    private void refuse(int index, Rejection.Reason reason, StoreException failure) {
        results[index] = new CaptureResult.Refused(new Rejection(reason, String.valueOf(failure.getMessage())));
        failures[index] = null;
    }

    /** Lets the memory of what is stored be used again. What is refused goes to the dead letters as it is. */
    void giveBack() {
        for (int i = 0; i < results.length; i++) {
            if (!(results[i] instanceof CaptureResult.Refused)) {
                batch.captures().get(i).record().giveBack();
            }
        }
    }

    boolean isFinished() {
        return Arrays.stream(results).allMatch(Objects::nonNull);
    }

    List<CaptureResult> results() {
        return Arrays.stream(results).map(Objects::requireNonNull).toList();
    }
}
