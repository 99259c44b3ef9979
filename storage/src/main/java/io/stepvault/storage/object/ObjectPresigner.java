package io.stepvault.storage.object;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes URLs by which anybody can read one object for a while, if the store has such.
 *
 * <p>Safe for any thread.
 */
public interface ObjectPresigner {
    /** The shortest time that a URL is good for. */
    Duration MIN_VALIDITY = Duration.ofSeconds(1);

    /** The longest time that a URL is good for: that of AWS's signature version 4. */
    Duration MAX_VALIDITY = Duration.ofDays(7);

    /**
     * A URL that reads an object, whether there is one or not; empty if the store has no such URLs. Whoever has the URL
     * may read the object: it is a secret, and must not be logged. It ends earlier if the credentials that sign it do.
     *
     * <p>Asks the store nothing, but may block to get credentials.
     *
     * @param asAttachment whether a browser must save the object rather than show it
     * @param validFor {@link #MIN_VALIDITY} to {@link #MAX_VALIDITY}, in whole seconds
     * @throws StoreException if there are no credentials
     */
    default Optional<URI> presign(String key, boolean asAttachment, Duration validFor) {
        return Optional.empty();
    }
}
