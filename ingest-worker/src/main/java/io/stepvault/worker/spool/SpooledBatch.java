package io.stepvault.worker.spool;

import java.util.List;

/**
 * A session batch in the disk queue.
 *
 * @param captures one or more, in offset order
 */
public record SpooledBatch(BatchOrigin origin, String sessionId, List<SpooledCapture> captures) {
    /** Copies; checks that there is something in it. */
    public SpooledBatch {
        captures = List.copyOf(captures);
        if (captures.isEmpty()) {
            throw new IllegalArgumentException("a spooled batch holds at least one capture");
        }
    }
}
