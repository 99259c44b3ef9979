package io.stepvault.storage.file;

import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectRefusedException;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** Tells what a failure of the file system means for the store. Immutable; safe for any thread. */
final class FileErrors {
    private final String store;

    FileErrors(String store) {
        this.store = store;
    }

    StoreException writing(String key, IOException e) {
        return e instanceof NoSuchFileException
                ? new TransientStoreException(store, key, "a directory was removed while the file was written", e)
                : classified("writing", key, e);
    }

    StoreException reading(String key, IOException e) {
        return e instanceof NoSuchFileException
                ? new ObjectNotFoundException(store, key, e)
                : classified("reading", key, e);
    }

    StoreException rootMissing(String key) {
        return new StoreAccessException(
                store, key, "the store's directory is missing or no longer mounted; mount or make it again", null);
    }

    /** Java has a class for few of the errors that matter, so the system's own words must do. */
    private StoreException classified(String action, String key, IOException e) {
        String reason = e instanceof FileSystemException system && system.getReason() != null
                ? system.getReason()
                : String.valueOf(e.getMessage());
        String words = reason.toLowerCase(Locale.ROOT);
        if (e instanceof AccessDeniedException
                || words.contains("permission denied")
                || words.contains("not permitted")
                || words.contains("read-only")) {
            return new StoreAccessException(
                    store, key, action + " is not allowed; give the process's user the right to it", e);
        }
        if (words.contains("no space left") || words.contains("quota exceeded")) {
            return TransientStoreException.full(store, key, e);
        }
        if (words.contains("name too long") || words.contains("file too large")) {
            return new ObjectRefusedException(store, key, "the file system refuses this file (" + words + ")", e);
        }
        return new TransientStoreException(
                store, key, action + " failed (" + e.getClass().getSimpleName() + "); check the disk", e);
    }
}
