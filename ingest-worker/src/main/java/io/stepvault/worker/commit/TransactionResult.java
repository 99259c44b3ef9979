package io.stepvault.worker.commit;

/** What became of a transaction. */
sealed interface TransactionResult {
    /** Readers see it. */
    record Committed() implements TransactionResult {}

    /** Readers never see anything of it. */
    record Aborted(String why) implements TransactionResult {}

    /** It is committed or aborted, or will be once the next producer is ready. */
    record Unknown(String why) implements TransactionResult {}
}
