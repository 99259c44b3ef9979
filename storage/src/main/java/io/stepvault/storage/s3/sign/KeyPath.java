package io.stepvault.storage.s3.sign;

/** Writes keys as paths of URLs, the way that S3's signatures want it. */
public final class KeyPath {
    private static final String HEX = "0123456789ABCDEF";

    private KeyPath() {}

    /**
     * The key, encoded once: all but letters, digits and {@code - . _ ~ /} becomes {@code %XY}. Nothing is normalized.
     * Source: AWS, "Signature Calculations for the Authorization Header", {@code UriEncode}.
     *
     * @param key ASCII, which every key of ours is
     */
    public static String encode(String key) {
        StringBuilder path = new StringBuilder(key.length() + 16);
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (isPlain(c)) {
                path.append(c);
            } else if (c < 0x80) {
                path.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            } else {
                throw new IllegalArgumentException("a key is ASCII");
            }
        }
        return path.toString();
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~'
                || c == '/';
    }
}
