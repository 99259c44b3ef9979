package io.stepvault.worker.commit;

import io.stepvault.event.BatchStored;
import io.stepvault.worker.flow.TrackedOffset;
import java.util.List;

/** Where completions enter the commit stage. */
@FunctionalInterface
public interface CommitInput {
    /**
     * Takes a completion to publish, and the handles of the offsets that it settles.
     *
     * @param offsets handles of one assignment
     */
    void completed(BatchStored completion, List<TrackedOffset> offsets);
}
