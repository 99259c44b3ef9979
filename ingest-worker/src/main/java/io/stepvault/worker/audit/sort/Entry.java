package io.stepvault.worker.audit.sort;

import java.util.Arrays;

/**
 * What is sorted: bytes to go by, as unsigned numbers, and bytes that go with them. Not copied: nobody may change either.
 * Immutable otherwise; safe for any thread.
 */
public final class Entry implements Comparable<Entry> {
    private static final int BYTES_BESIDES = 80;

    private final byte[] key;
    private final byte[] value;

    /** An entry over these arrays. */
    public Entry(byte[] key, byte[] value) {
        this.key = key;
        this.value = value;
    }

    /** What it is sorted by. */
    public byte[] key() {
        return key;
    }

    /** What goes with it. */
    public byte[] value() {
        return value;
    }

    /** What it takes in memory, in bytes. */
    long bytes() {
        return (long) key.length + value.length + BYTES_BESIDES;
    }

    /** By key alone. */
    @Override
    public int compareTo(Entry other) {
        return Arrays.compareUnsigned(key, other.key);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Entry entry && Arrays.equals(key, entry.key) && Arrays.equals(value, entry.value);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(key) + Arrays.hashCode(value);
    }

    /** Names no content. */
    @Override
    public String toString() {
        return "Entry[" + key.length + " + " + value.length + " bytes]";
    }
}
