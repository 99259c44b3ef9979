package io.stepvault.worker.commit;

import java.util.function.Consumer;

/** Commits units, one at a time. */
public interface Committer {
    /**
     * Begins to commit a unit.
     *
     * @param whenDone called once, on the pipeline's thread, during this call or later
     */
    void commit(CommitUnit unit, Consumer<CommitOutcome> whenDone);
}
