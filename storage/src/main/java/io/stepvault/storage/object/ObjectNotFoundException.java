package io.stepvault.storage.object;

import org.jspecify.annotations.Nullable;

/** There is no such object. */
public final class ObjectNotFoundException extends StoreException {
    private static final long serialVersionUID = 1L;

    /** {@code store} has no object {@code key}. */
    public ObjectNotFoundException(String store, String key, @Nullable Throwable cause) {
        this(store, key, "there is no such object; it may have expired or been deleted", cause);
    }

    /** {@code store} has no object under {@code key} for the reason that {@code message} gives. */
    public ObjectNotFoundException(String store, String key, String message, @Nullable Throwable cause) {
        super(store, key, message, cause);
    }

    @Override
    public boolean isOutage() {
        return false;
    }
}
