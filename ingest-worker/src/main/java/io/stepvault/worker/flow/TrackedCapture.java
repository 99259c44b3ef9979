package io.stepvault.worker.flow;

import io.stepvault.event.StepCapture;
import java.util.List;

/**
 * A capture, the record that carried it, and the handles of that record: one, or one for each chunk that it came in.
 *
 * @param record as it was sent; the capture's artifacts share its bytes
 * @param offsets ascending, at least one; the last is the capture's own
 * @param bytes what it counts against budgets, in bytes
 */
public record TrackedCapture(StepCapture capture, SourceRecord record, List<TrackedOffset> offsets, long bytes) {
    /** Copies; checks that there is an offset. */
    public TrackedCapture {
        offsets = List.copyOf(offsets);
        if (offsets.isEmpty()) {
            throw new IllegalArgumentException("a capture has at least one offset");
        }
    }

    /** The handle of the record with which the capture was complete. */
    public TrackedOffset offset() {
        return offsets.get(offsets.size() - 1);
    }
}
