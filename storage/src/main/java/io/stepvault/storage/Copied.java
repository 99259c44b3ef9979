package io.stepvault.storage;

/**
 * What a {@link SessionCopy} has done.
 *
 * @param sessions how many were gone through
 * @param captures how many were copied
 * @param bytes of the artifacts of these
 * @param alreadyThere captures that the target had
 * @param deletedSessions sessions that are deleted at the target; nothing was copied of them
 * @param gone captures that were listed and could not be found any more: they have expired, or their session has been
 *     deleted from either store, meanwhile
 * @param failed captures that could not be copied
 */
public record Copied(
        long sessions, long captures, long bytes, long alreadyThere, long deletedSessions, long gone, long failed) {
    /** Nothing. */
    public static final Copied NOTHING = new Copied(0, 0, 0, 0, 0, 0, 0);

    /** Both together. */
    public Copied plus(Copied other) {
        return new Copied(
                sessions + other.sessions,
                captures + other.captures,
                bytes + other.bytes,
                alreadyThere + other.alreadyThere,
                deletedSessions + other.deletedSessions,
                gone + other.gone,
                failed + other.failed);
    }

    static Copied oneSession() {
        return new Copied(1, 0, 0, 0, 0, 0, 0);
    }

    static Copied oneCapture(long bytes) {
        return new Copied(0, 1, bytes, 0, 0, 0, 0);
    }

    static Copied oneAlreadyThere() {
        return new Copied(0, 0, 0, 1, 0, 0, 0);
    }

    static Copied oneDeletedSession() {
        return new Copied(0, 0, 0, 0, 1, 0, 0);
    }

    static Copied oneGone() {
        return new Copied(0, 0, 0, 0, 0, 1, 0);
    }

    static Copied oneFailed() {
        return new Copied(0, 0, 0, 0, 0, 0, 1);
    }
}
