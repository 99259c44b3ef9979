package io.stepvault.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Decodes percent-encoded text strictly, so that no two texts that a proxy tells apart are the same here. */
final class Percent {
    private Percent() {}

    /**
     * Decodes once.
     *
     * @throws ProblemException 400 if a percent sign is not followed by two hex digits, or the bytes are not UTF-8
     */
    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        byte[] decoded = new byte[encoded.length];
        int length = 0;
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] != '%') {
                decoded[length++] = encoded[i];
            } else if (i + 2 < encoded.length && digit(encoded[i + 1]) >= 0 && digit(encoded[i + 2]) >= 0) {
                decoded[length++] = (byte) (digit(encoded[i + 1]) << 4 | digit(encoded[i + 2]));
                i += 2;
            } else {
                throw Problem.badRequest("a percent sign in the address is not followed by two hex digits")
                        .asException();
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decoded, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Problem.badRequest("what is percent-encoded in the address is not UTF-8")
                    .asException();
        }
    }

    private static int digit(byte b) {
        return Character.digit(b, 16);
    }
}
