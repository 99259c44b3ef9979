package io.stepvault.storage.object;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An object to write. The body is not copied: nobody may change it until the put has completed.
 *
 * @param key 1 to 1,024 characters of printable ASCII from {@code !} to <code>}</code>
 * @param contentType media type, printable ASCII
 * @param contentEncoding how the body is encoded on top of its media type, as {@code gzip}; kept where the store can
 * @param body the bytes between position and limit, as they are to be stored
 * @param metadata information by name, kept where the store can and dropped where not
 * @param sha256 the SHA-256 of the body, 64 lower-case hex digits, if the caller has it anyway: it spares a store that
 *     wants it from reading the body again
 */
public record PutRequest(
        String key,
        String contentType,
        Optional<String> contentEncoding,
        ByteBuffer body,
        Map<String, String> metadata,
        Optional<String> sha256) {
    // What ends above '}' is left for listing: a prefix followed by '~' comes after every key that it begins.
    private static final char LAST_OF_KEYS = '}';
    private static final int LONGEST_KEY = 1024;
    private static final Pattern ENCODING = Pattern.compile("[a-z0-9-]+");
    private static final int SHA256_DIGITS = 64;

    /** Checks key, content type and metadata: they become parts of a request. */
    public PutRequest {
        if (key.isEmpty() || key.length() > LONGEST_KEY || !isWithin('!', LAST_OF_KEYS, key)) {
            throw new IllegalArgumentException("a key has 1 to 1024 characters from ! to }; this has " + key.length());
        }
        if (!isHeaderText(contentType) || !metadata.values().stream().allMatch(PutRequest::isHeaderText)) {
            throw new IllegalArgumentException("content type and metadata must be printable ASCII");
        }
        if (!sha256.map(PutRequest::isSha256).orElse(true)) {
            throw new IllegalArgumentException("a SHA-256 has 64 lower-case hex digits");
        }
        if (!contentEncoding.map(PutRequest::isToken).orElse(true)) {
            throw new IllegalArgumentException("a content encoding is a word like gzip");
        }
        body = body.slice();
        metadata = Map.copyOf(metadata);
    }

    /** An object that is stored as it is. */
    public PutRequest(String key, String contentType, ByteBuffer body, Map<String, String> metadata) {
        this(key, contentType, Optional.empty(), body, metadata, Optional.empty());
    }

    private static boolean isSha256(String hash) {
        boolean isHex = hash.length() == SHA256_DIGITS;
        for (int i = 0; isHex && i < SHA256_DIGITS; i++) {
            char c = hash.charAt(i);
            isHex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        }
        return isHex;
    }

    private static boolean isHeaderText(String text) {
        return isWithin(' ', '~', text);
    }

    /** By hand, since three puts are made for each capture: patterns took more of the processor than hashing for them. */
    private static boolean isWithin(char first, char last, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < first || text.charAt(i) > last) {
                return false;
            }
        }
        return true;
    }

    private static boolean isToken(String encoding) {
        return ENCODING.matcher(encoding).matches();
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
