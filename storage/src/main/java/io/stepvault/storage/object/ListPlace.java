package io.stepvault.storage.object;

/**
 * Where a listing goes on of which a key may have several entries. As the store said it; not to be made up.
 *
 * @param key the last key listed
 * @param id which of its entries; empty for all of them
 */
public record ListPlace(String key, String id) {}
