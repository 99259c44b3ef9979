package io.stepvault.storage;

/**
 * What an artifact's content is, read from its first byte to its last.
 *
 * @param size in bytes, decompressed
 * @param sha256 64 lower-case hex digits
 */
public record ContentDigest(long size, String sha256) {}
