package io.stepvault.storage;

/**
 * What a {@link SessionLifecycle} has removed, or would remove if it were let.
 *
 * @param objects how many objects, day markers among them
 * @param uploads how many uploads that nobody had finished
 * @param bytes of all of them together
 * @param held how often a session was left alone because a label holds it: once for each of its days that would have
 *     expired, and once if it would have been thinned out
 */
public record Removed(long objects, long uploads, long bytes, long held) {
    static final Removed NOTHING = new Removed(0, 0);

    /** Objects only. */
    public Removed(long objects, long bytes) {
        this(objects, 0, bytes, 0);
    }

    /** Both together. */
    public Removed plus(Removed other) {
        return new Removed(objects + other.objects, uploads + other.uploads, bytes + other.bytes, held + other.held);
    }
}
