package io.stepvault.worker.flow;

import java.util.List;

/**
 * Captures of one session from one partition, in offset order, stored and completed together.
 *
 * @param captures one or more
 * @param bytes what they count against budgets together
 */
public record SessionBatch(Assignment assignment, String sessionId, List<TrackedCapture> captures, long bytes) {
    /** Checks that there is something in it. */
    public SessionBatch {
        captures = List.copyOf(captures);
        if (captures.isEmpty()) {
            throw new IllegalArgumentException("a session batch holds at least one capture");
        }
    }

    /** The offset of its first capture. */
    public long firstOffset() {
        return captures.get(0).offset().offset();
    }

    /** The handles of all records that carried its captures. */
    public List<TrackedOffset> offsets() {
        return captures.stream().flatMap(capture -> capture.offsets().stream()).toList();
    }
}
