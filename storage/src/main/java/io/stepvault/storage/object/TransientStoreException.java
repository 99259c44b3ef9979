package io.stepvault.storage.object;

import org.jspecify.annotations.Nullable;

/**
 * The store did not do it this time: it does not answer, answers with an error of its own, or is full. The same call
 * may succeed later.
 */
public final class TransientStoreException extends StoreException {
    private static final long serialVersionUID = 1L;

    private final boolean throttled;

    /** A failure of a call on {@code key} of {@code store}; {@code message} says what failed and what to do. */
    public TransientStoreException(String store, String key, String message, @Nullable Throwable cause) {
        this(store, key, message, cause, false);
    }

    private TransientStoreException(
            String store, String key, String message, @Nullable Throwable cause, boolean throttled) {
        super(store, key, message, cause);
        this.throttled = throttled;
    }

    /** The store asks for fewer calls. */
    public static TransientStoreException throttled(String store, String key, @Nullable Throwable cause) {
        return new TransientStoreException(
                store, key, "the store asks to slow down; lower the number of puts in flight if it lasts", cause, true);
    }

    /** Whether the store asked for fewer calls. */
    public boolean isThrottled() {
        return throttled;
    }

    @Override
    public boolean isOutage() {
        return true;
    }
}
