package io.stepvault.worker.commit;

/** What came of committing a {@link CommitUnit}. */
public sealed interface CommitOutcome {
    /** Completions are published and offsets are committed. */
    record Committed() implements CommitOutcome {}

    /**
     * Not, or not known to be, committed: try again. What had got through may then be published twice.
     *
     * @param why one sentence for an operator
     */
    record Failed(String why) implements CommitOutcome {}
}
