package io.stepvault.storage;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a store says of an artifact's content without giving it.
 *
 * @param size in bytes, decompressed; empty if that cannot be told
 * @param crc32 the CRC-32 of the content; empty if the store keeps none
 */
public record ContentTrace(OptionalLong size, OptionalInt crc32) {
    static final ContentTrace NOTHING = new ContentTrace(OptionalLong.empty(), OptionalInt.empty());
}
