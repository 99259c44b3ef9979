package io.stepvault.storage.object;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Looks at what a store keeps of objects that were deleted or replaced, and brings back what was deleted. Calls block.
 *
 * <p>Safe for any thread.
 */
public interface ObjectVersions {
    /** A page of versions, and where the next one begins if there is more. */
    record Page(List<ObjectVersion> versions, Optional<ListPlace> next) {
        /** Copies the list. */
        public Page {
            versions = List.copyOf(versions);
        }
    }

    /**
     * Lists one page of versions of all objects whose keys begin with {@code prefix}, in the order of keys, the latest
     * first, by one request to the store.
     *
     * @param from where the last page said that this one begins; empty for the first
     * @throws StoreAccessException if the store keeps no versions
     * @throws StoreException if the store fails
     */
    Page list(String prefix, Optional<ListPlace> from);

    /**
     * Opens a version. The caller closes the stream.
     *
     * @throws ObjectNotFoundException if it is gone, or a delete marker
     * @throws StoreException if the store fails; while reading, the stream throws {@link java.io.IOException} instead
     */
    InputStream get(ObjectVersion version);

    /**
     * Removes a delete marker for good, so that the version before it is seen again. That it is gone is no error.
     *
     * @throws IllegalArgumentException if it is a version: those stay
     * @throws StoreException if the store fails
     */
    void removeMarker(ObjectVersion marker);
}
