package io.stepvault.storage.object;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * An object to write. The body is not copied: nobody may change it until the put has completed.
 *
 * @param key 1 to 1,024 characters of printable ASCII from {@code !} to <code>}</code>
 * @param contentType media type, printable ASCII
 * @param body the bytes between position and limit, as they are to be stored
 * @param metadata information by name, kept where the store can and dropped where not
 */
public record PutRequest(String key, String contentType, ByteBuffer body, Map<String, String> metadata) {
    // What ends above '}' is left for listing: a prefix followed by '~' comes after every key that it begins.
    private static final Pattern KEY = Pattern.compile("[!-}]{1,1024}");
    private static final Pattern HEADER_TEXT = Pattern.compile("[ -~]*");

    /** Checks key, content type and metadata: they become parts of a request. */
    public PutRequest {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("a key has 1 to 1024 characters from ! to }; this has " + key.length());
        }
        if (!HEADER_TEXT.matcher(contentType).matches()
                || !metadata.values().stream()
                        .allMatch(value -> HEADER_TEXT.matcher(value).matches())) {
            throw new IllegalArgumentException("content type and metadata must be printable ASCII");
        }
        body = body.slice();
        metadata = Map.copyOf(metadata);
    }

    /** The bytes from position 0, as a buffer of the caller's own over the same memory. */
    @Override
    public ByteBuffer body() {
        return body.duplicate();
    }

    /** The number of bytes. */
    public int size() {
        return body.remaining();
    }

    @Override
    public String toString() {
        return "PutRequest[" + key + ", " + size() + " bytes]";
    }
}
