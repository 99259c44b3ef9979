package io.stepvault.storage.object;

import java.io.InputStream;
import java.util.Optional;

/**
 * Reads objects. Calls block.
 *
 * <p>Safe for any thread; a stream is for one thread at a time.
 */
public interface ObjectReader {
    /**
     * Opens an object, or a range of its bytes. The caller closes the stream.
     *
     * @throws ObjectNotFoundException if there is no such object
     * @throws StoreException if the store fails; while reading, the stream throws {@link java.io.IOException} instead
     */
    InputStream get(String key, Optional<ByteRange> range);

    /** Opens a whole object; see {@link #get(String, Optional)}. */
    default InputStream get(String key) {
        return get(key, Optional.empty());
    }

    /**
     * Looks an object up; empty if there is none.
     *
     * @throws StoreException if the store fails
     */
    Optional<ObjectInfo> head(String key);
}
