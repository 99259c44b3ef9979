package io.stepvault.worker.spool;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The disk behind the queue. Its calls return at once, the work is done elsewhere, and no future ever completes
 * exceptionally. Writes and deletes happen in the order of the calls; reads happen in the order of the calls too, but
 * beside the writes, since a drain must not wait behind them.
 *
 * <p>Safe for any thread.
 */
public interface SpoolDisk {
    /** Writes batches into one new file. Durable once the answer is {@link Written.Durably}. */
    CompletableFuture<Written> write(List<SpooledBatch> batches);

    /** Reads a batch back and checks it. */
    CompletableFuture<ReadBack> read(SpoolEntry entry);

    /**
     * Lets go of a file none of whose batches is needed any more: deletes it, or, if damage was found in it, moves it
     * aside for a person to look at. One that cannot be deleted now, or whose deletion a crash undoes, is found again
     * by the next start.
     */
    CompletableFuture<Void> delete(String file);

    /** How much is in use now. */
    Use use();

    /**
     * How much is in use.
     *
     * @param bytes of all files, those that were moved aside included
     * @param maxBytes the budget
     * @param files those that hold batches
     */
    record Use(long bytes, long maxBytes, int files) {}

    /** What came of writing. */
    sealed interface Written {
        /** The batches will outlive a crash of the machine. One entry each, in the order given. */
        record Durably(List<SpoolEntry> entries) implements Written {
            /** Copies. */
            public Durably {
                entries = List.copyOf(entries);
            }
        }

        /**
         * Nothing was written: a budget is used up, the disk has too little left, or it failed.
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

        /**
         * This batch is torn or corrupt, or its file is gone; reading it again will not help. The other batches of the
         * file are not touched by that, unless the file is gone: each is read on its own.
         */
        record Corrupt(String why) implements ReadBack {}

        /** It could not be read now; to be tried again. */
        record Failed(String why) implements ReadBack {}
    }
}
