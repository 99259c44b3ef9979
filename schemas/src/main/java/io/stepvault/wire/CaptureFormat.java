package io.stepvault.wire;

import java.nio.ByteBuffer;

/** A wire format of step captures: turns a record's value into a capture. Safe for any thread. */
public interface CaptureFormat {
    /**
     * Decodes a record's value, which starts with this format's own first byte. Throws nothing.
     *
     * @param value has an array, which the capture's artifacts share; left as it is
     */
    DecodeResult decode(ByteBuffer value);

    /** The same for a value that fills an array. */
    default DecodeResult decode(byte[] value) {
        return decode(ByteBuffer.wrap(value));
    }
}
