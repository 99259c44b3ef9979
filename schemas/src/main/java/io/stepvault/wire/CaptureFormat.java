package io.stepvault.wire;

/** A wire format of step captures: turns a record's value into a capture. Safe for any thread. */
public interface CaptureFormat {
    /** Decodes a record's value, which starts with this format's own first byte. Throws nothing. */
    DecodeResult decode(byte[] value);
}
