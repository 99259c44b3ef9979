package io.stepvault.worker.spool;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The disk behind the queue. Its calls return at once; the work is done elsewhere, in the order of the calls, and no
 * future ever completes exceptionally.
 */
public interface SpoolDisk {
    /** Writes batches into one new file. Durable once the answer is {@link Written.Durably}. */
    CompletableFuture<Written> write(List<SpooledBatch> batches);

    /** Reads a batch back and checks it. */
    CompletableFuture<ReadBack> read(SpoolEntry entry);

    /** Deletes a file whose batches are all stored. One that cannot be deleted now is found again by the next start. */
    CompletableFuture<Void> delete(String file);

    /** What came of writing. */
    sealed interface Written {
        /** The batches will outlive a crash of the machine. One entry each, in the order given. */
        record Durably(List<SpoolEntry> entries) implements Written {}

        /**
         * Nothing was written: the budget is used up, the disk has too little left, or it failed.
         *
         * @param why for an operator, with what to do
         * @param operatorMustAct whether it failed, rather than being full
         */
        record Refused(String why, boolean operatorMustAct) implements Written {}
    }

    /** What came of reading a batch back. */
    sealed interface ReadBack {
        /** The batch, as it was written. */
        record Intact(SpooledBatch batch) implements ReadBack {}

        /** The file is torn or corrupt, or is gone; what was left of it was moved aside, with all its batches. */
        record Corrupt(String why) implements ReadBack {}

        /** It could not be read now; to be tried again. */
        record Failed(String why) implements ReadBack {}
    }
}
