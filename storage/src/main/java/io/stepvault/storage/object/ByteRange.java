package io.stepvault.storage.object;

/**
 * Some bytes of an object. What lies past its end is left out; a range that begins past its end is an error.
 *
 * @param offset first byte, from 0
 * @param length number of bytes, at least 1
 */
public record ByteRange(long offset, long length) {
    /** Checks the bounds. */
    public ByteRange {
        if (offset < 0 || length < 1 || offset > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException("not a byte range: offset " + offset + ", length " + length);
        }
    }

    /**
     * What of this range lies within {@code size} bytes.
     *
     * @throws IllegalArgumentException if nothing does
     */
    public ByteRange within(long size) {
        if (offset >= size) {
            throw new IllegalArgumentException(
                    "the range begins at " + offset + ", past the end: there are " + size + " bytes");
        }
        return new ByteRange(offset, Math.min(length, size - offset));
    }
}
