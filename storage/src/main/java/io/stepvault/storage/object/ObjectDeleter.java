package io.stepvault.storage.object;

/**
 * Deletes objects. Calls block.
 *
 * <p>Safe for any thread.
 */
@FunctionalInterface
public interface ObjectDeleter {
    /**
     * Deletes an object. That there is none is no error.
     *
     * @throws StoreException if the store fails
     */
    void delete(String key);
}
