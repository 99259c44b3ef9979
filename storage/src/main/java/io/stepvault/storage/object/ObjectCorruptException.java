package io.stepvault.storage.object;

import org.jspecify.annotations.Nullable;

/**
 * An object was read whole and is not what was stored: its bytes differ from its SHA-256, or a commit record does not
 * prove its own key. Somebody or something changed it.
 */
public final class ObjectCorruptException extends StoreException {
    private static final long serialVersionUID = 1L;

    /** The object {@code key} of {@code store} is damaged; {@code message} says how and what to do. */
    public ObjectCorruptException(String store, String key, String message, @Nullable Throwable cause) {
        super(store, key, message, cause);
    }

    @Override
    public boolean isOutage() {
        return false;
    }
}
