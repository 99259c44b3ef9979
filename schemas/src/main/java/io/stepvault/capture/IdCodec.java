package io.stepvault.capture;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Writes ids (of sessions, steps and attachments) so that any Unicode text is safe in an object key, a file name and
 * a URL, and can be read back.
 *
 * <p>{@code A-Z a-z 0-9 _ -} are kept, and {@code .} except as the first character; every other byte of the UTF-8 form
 * becomes {@code %XX} in upper case. So no encoded id contains a slash, is {@code .} or {@code ..}, or is hidden. The
 * encoded form has 1 to {@value #MAX_ENCODED_LENGTH} characters: with an extension it still fits a file name of 255
 * bytes, and two of them with a prefix of 200 fit an S3 key of 1,024.
 *
 * <p>Stateless; safe for any thread.
 */
public final class IdCodec {
    /** The longest encoded id, in characters (all of them ASCII). */
    public static final int MAX_ENCODED_LENGTH = 240;

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private IdCodec() {}

    /**
     * Encodes an id.
     *
     * @throws InvalidIdException if the id is empty, is not valid Unicode (holds an unpaired surrogate), or is longer
     *     than {@value #MAX_ENCODED_LENGTH} once encoded
     */
    public static String encode(String id) {
        if (id.isEmpty()) {
            throw new InvalidIdException(
                    "is empty; 1 to " + MAX_ENCODED_LENGTH + " characters once encoded are allowed");
        }
        if (id.length() > MAX_ENCODED_LENGTH) {
            throw tooLong(id.length());
        }
        return isItsOwnCode(id) ? id : encodeBytes(utf8(id));
    }

    /** Most ids are: they are checked on the crawler's thread, which has better things to do than to copy them. */
    private static boolean isItsOwnCode(String id) {
        for (int i = 0; i < id.length(); i++) {
            if (!isKept(id.charAt(i), i == 0)) {
                return false;
            }
        }
        return true;
    }

    private static String encodeBytes(ByteBuffer utf8) {
        StringBuilder encoded = new StringBuilder(utf8.remaining() + 16);
        while (utf8.hasRemaining()) {
            int b = utf8.get() & 0xFF;
            if (isKept(b, encoded.isEmpty())) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX[b >> 4]).append(HEX[b & 0xF]);
            }
        }
        if (encoded.length() > MAX_ENCODED_LENGTH) {
            throw tooLong(encoded.length());
        }
        return encoded.toString();
    }

    /**
     * Decodes what {@link #encode} wrote. Only the canonical form is accepted, so that no two keys decode to one id.
     *
     * @throws InvalidIdException if the text is not what {@link #encode} writes
     */
    public static String decode(String encoded) {
        byte[] utf8 = new byte[encoded.length()];
        int length = 0;
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                if (i + 2 >= encoded.length()) {
                    throw notCanonical();
                }
                utf8[length++] = (byte) (nibble(encoded.charAt(i + 1)) << 4 | nibble(encoded.charAt(i + 2)));
                i += 2;
            } else if (c < 0x80) {
                utf8[length++] = (byte) c;
            } else {
                throw notCanonical();
            }
        }
        String id;
        try {
            id = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(utf8, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw notCanonical();
        }
        if (!encode(id).equals(encoded)) {
            throw notCanonical();
        }
        return id;
    }

    private static boolean isKept(int b, boolean first) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '_'
                || b == '-'
                || (b == '.' && !first);
    }

    private static ByteBuffer utf8(String id) {
        try {
            return StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(id));
        } catch (CharacterCodingException e) {
            throw new InvalidIdException("is not valid Unicode: it holds an unpaired surrogate");
        }
    }

    private static int nibble(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        if (c >= 'A' && c <= 'F') {
            return c - 'A' + 10;
        }
        throw notCanonical();
    }

    private static InvalidIdException tooLong(int atLeast) {
        return new InvalidIdException(
                "is at least " + atLeast + " characters once encoded; at most " + MAX_ENCODED_LENGTH + " are allowed");
    }

    private static InvalidIdException notCanonical() {
        return new InvalidIdException("is not an encoded id");
    }
}
