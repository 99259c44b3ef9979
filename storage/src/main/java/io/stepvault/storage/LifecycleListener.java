package io.stepvault.storage;

import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectVersion;
import io.stepvault.storage.object.UnfinishedUpload;

/**
 * Is told, one by one and on the caller's thread, what a {@link SessionLifecycle} has done; of a dry run, what it would
 * do.
 */
@FunctionalInterface
public interface LifecycleListener {
    /** An object is gone, or would be. */
    void removed(ObjectInfo object);

    /** An upload that nobody has finished is given up, or would be. */
    default void aborted(UnfinishedUpload upload, long bytes) {
        removed(new ObjectInfo(upload.key(), bytes, upload.begunAt()));
    }

    /** A session would go, wholly or in part, but is held; {@code why} is for people. */
    default void held(String sessionId, String why) {}

    /** An object is back that was deleted, or would be. */
    default void restored(ObjectVersion version) {}

    /** A step cannot be brought back whole, so nothing of it is; {@code why} is for people. */
    default void lost(String revision, String why) {}
}
