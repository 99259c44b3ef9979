package io.stepvault.storage;

/**
 * What a {@link SessionLifecycle} has removed, or would remove if it were let.
 *
 * @param objects how many objects, day markers among them
 * @param bytes of all of them together
 */
public record Removed(long objects, long bytes) {
    static final Removed NOTHING = new Removed(0, 0);

    Removed plus(Removed other) {
        return new Removed(objects + other.objects, bytes + other.bytes);
    }
}
