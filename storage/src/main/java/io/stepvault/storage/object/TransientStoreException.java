package io.stepvault.storage.object;

import org.jspecify.annotations.Nullable;

/**
 * The store did not do it this time: it does not answer, answers with an error of its own, or is full. The same call
 * may succeed later.
 */
public final class TransientStoreException extends StoreException {
    private static final long serialVersionUID = 1L;

    private enum Load {
        UNKNOWN,
        FULL,
        THROTTLED,
        TIMED_OUT
    }

    private final Load load;

    /** A failure of a call on {@code key} of {@code store}; {@code message} says what failed and what to do. */
    public TransientStoreException(String store, String key, String message, @Nullable Throwable cause) {
        this(store, key, message, cause, Load.UNKNOWN);
    }

    private TransientStoreException(String store, String key, String message, @Nullable Throwable cause, Load load) {
        super(store, key, message, cause);
        this.load = load;
    }

    /** The store has no room. What needs none, as an empty object, it may take all the same. */
    public static TransientStoreException full(String store, String key, @Nullable Throwable cause) {
        return new TransientStoreException(store, key, "the disk is full; make room", cause, Load.FULL);
    }

    /** The store asks for fewer calls. */
    public static TransientStoreException throttled(String store, String key, @Nullable Throwable cause) {
        return new TransientStoreException(
                store,
                key,
                "the store asks to slow down; fewer puts are made at once; if it lasts, give it less or let it grow",
                cause,
                Load.THROTTLED);
    }

    /** The store did not answer in time. */
    public static TransientStoreException timedOut(String store, String key, @Nullable Throwable cause) {
        return new TransientStoreException(
                store,
                key,
                "the store did not answer in time; check its load, or allow more time",
                cause,
                Load.TIMED_OUT);
    }

    /** Whether the store has no room: that it takes some other object says nothing against this one. */
    public boolean isFull() {
        return load == Load.FULL;
    }

    /** Whether the store asked for fewer calls. */
    public boolean isThrottled() {
        return load == Load.THROTTLED;
    }

    /** Whether fewer calls at once may help: the store asked for that, or did not answer in time. */
    public boolean isOverload() {
        return load == Load.THROTTLED || load == Load.TIMED_OUT;
    }

    @Override
    public boolean isOutage() {
        return true;
    }
}
