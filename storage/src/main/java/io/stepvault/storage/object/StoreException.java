package io.stepvault.storage.object;

import org.jspecify.annotations.Nullable;

/**
 * A failure of an object store, classified once at the boundary to it. The message says what failed, on which key of
 * which store, and what to do; it never holds payload or credentials.
 */
public abstract sealed class StoreException extends RuntimeException
        permits TransientStoreException,
                StoreAccessException,
                ObjectRefusedException,
                ObjectNotFoundException,
                ObjectCorruptException {
    private static final long serialVersionUID = 1L;

    private final String store;
    private final String key;

    StoreException(String store, String key, String message, @Nullable Throwable cause) {
        super(message + " (store " + store + (key.isEmpty() ? ")" : ", key " + key + ")"), cause);
        this.store = store;
        this.key = key;
    }

    /** The store, as a URI without parameters. */
    public final String store() {
        return store;
    }

    /** The key or the prefix that the call was about; empty if it was about none. */
    public final String key() {
        return key;
    }

    /**
     * Whether the store as a whole fails, so that what was to be stored must be held and tried again. If not, the
     * failure is about this one object.
     */
    public abstract boolean isOutage();
}
