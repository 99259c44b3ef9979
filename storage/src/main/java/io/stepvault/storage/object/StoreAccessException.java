package io.stepvault.storage.object;

import org.jspecify.annotations.Nullable;

/**
 * The store cannot be used as it is set up: access is denied, the bucket or the directory is missing, there are no
 * credentials, the region is wrong. Trying again does not help until an operator mends it, and nothing may be dropped
 * meanwhile.
 */
public final class StoreAccessException extends StoreException {
    private static final long serialVersionUID = 1L;

    /** A failure of a call on {@code key} of {@code store}; {@code message} says what failed and what to do. */
    public StoreAccessException(String store, String key, String message, @Nullable Throwable cause) {
        super(store, key, message, cause);
    }

    @Override
    public boolean isOutage() {
        return true;
    }
}
