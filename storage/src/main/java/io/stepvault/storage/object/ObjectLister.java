package io.stepvault.storage.object;

/**
 * Lists objects in the order of their keys' bytes. Calls block.
 *
 * <p>Safe for any thread.
 */
@FunctionalInterface
public interface ObjectLister {
    /**
     * Lists one page, by one request to the store.
     *
     * @throws StoreException if the store fails
     */
    ObjectPage list(ListRequest request);
}
