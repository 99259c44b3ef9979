package io.stepvault.storage.object;

import org.jspecify.annotations.Nullable;

/**
 * The store, or the capture itself, says that this one object can never be stored as it is: its key is too long, it is
 * too large, an id cannot be encoded. Trying again does not help.
 */
public final class ObjectRefusedException extends StoreException {
    private static final long serialVersionUID = 1L;

    /** A refusal of {@code key} by {@code store}; {@code message} says what was refused and why. */
    public ObjectRefusedException(String store, String key, String message, @Nullable Throwable cause) {
        super(store, key, message, cause);
    }

    @Override
    public boolean isOutage() {
        return false;
    }
}
