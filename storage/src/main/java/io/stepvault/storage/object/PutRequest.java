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
    private static final Pattern KEY = Pattern.compile("[!-}]{1,1024}");
    private static final Pattern ENCODING = Pattern.compile("[a-z0-9-]+");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
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

    /** The same, whose body has the hash given. */
    public PutRequest withSha256(String hash) {
        return new PutRequest(key, contentType, contentEncoding, body, metadata, Optional.of(hash));
    }

    private static boolean isSha256(String hash) {
        return SHA256.matcher(hash).matches();
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
