package io.stepvault.storage.object;

import java.util.OptionalInt;

/**
 * Tells the checksums that a store keeps of what was put, and that came with the put. Calls block.
 *
 * <p>Safe for any thread.
 */
@FunctionalInterface
public interface ObjectChecksums {
    /**
     * The CRC-32 of all bytes of an object, by one small request; empty if the store keeps none of this object.
     *
     * @throws ObjectNotFoundException if there is no such object
     * @throws StoreException if the store fails
     */
    OptionalInt crc32(String key);
}
