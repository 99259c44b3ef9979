package io.stepvault.worker.batch;

import io.stepvault.worker.flow.MemoryBudget;
import io.stepvault.worker.flow.TrackedCapture;
import io.stepvault.worker.flow.TrackedOffset;

/** Passes on the captures that were chosen, and settles the others. Pure; only the pipeline's thread may touch it. */
public final class ChosenCaptures implements CaptureInput {
    private final CaptureChoice choice;
    private final CaptureInput next;
    private final MemoryBudget memory;

    /** Passes what {@code choice} takes on to {@code next}, and gives the memory of the rest back. */
    public ChosenCaptures(CaptureChoice choice, CaptureInput next, MemoryBudget memory) {
        this.choice = choice;
        this.next = next;
        this.memory = memory;
    }

    @Override
    public void accept(TrackedCapture capture) {
        if (choice.takes(capture)) {
            next.accept(capture);
        } else {
            capture.offsets().forEach(TrackedOffset::done);
            memory.release(capture.bytes());
            capture.record().giveBack();
        }
    }
}
