package io.stepvault.storage.object;

import java.util.List;
import java.util.Optional;

/**
 * Finds uploads that nobody has finished, and gives them up. Calls block.
 *
 * <p>Safe for any thread.
 */
public interface UnfinishedUploads {
    /** A page of them, and where the next one begins if there is more. */
    record Page(List<UnfinishedUpload> uploads, Optional<ListPlace> next) {
        /** Copies the list. */
        public Page {
            uploads = List.copyOf(uploads);
        }
    }

    /**
     * Lists one page of those whose keys begin with {@code prefix}, by one request to the store. Empty if the store has
     * no such thing.
     *
     * @param from where the last page said that this one begins; empty for the first
     * @throws StoreException if the store fails
     */
    Page list(String prefix, Optional<ListPlace> from);

    /**
     * How many bytes the store holds of an upload; 0 if it is gone.
     *
     * @throws StoreException if the store fails
     */
    long bytes(UnfinishedUpload upload);

    /**
     * Gives an upload up, with what the store holds of it. That it is gone is no error.
     *
     * @throws StoreException if the store fails
     */
    void abort(UnfinishedUpload upload);
}
