package io.stepvault.capture;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes JSON in the canonical form of RFC 8785: keys in the order of their UTF-16 code units, no white space, only the
 * escapes that JSON demands and the shortest of them, UTF-8. One departure: whole numbers are written in full, where
 * the RFC would round them to what a double can hold. Written by hand, so that no library's new version or option can
 * ever change a byte of what revisions are computed from.
 */
final class CanonicalJson {
    private final StringBuilder out = new StringBuilder(1024);

    private CanonicalJson() {}

    /**
     * The canonical form of an object whose values are {@code String}, {@code Long}, {@code Boolean} and objects of
     * the same kind.
     *
     * @throws IllegalArgumentException if a text is not valid Unicode (holds an unpaired surrogate)
     */
    static byte[] write(Map<String, ?> object) {
        CanonicalJson json = new CanonicalJson();
        json.object(object);
        try {
            ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(json.out));
            byte[] bytes = new byte[utf8.remaining()];
            utf8.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a text is not valid Unicode: it holds an unpaired surrogate", e);
        }
    }

    private void value(Object value) {
        if (value instanceof String text) {
            text(text);
        } else if (value instanceof Long || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Map<?, ?> map) {
            object(map);
        } else {
            throw new IllegalStateException("no canonical form for " + value.getClass());
        }
    }

    private void object(Map<?, ?> object) {
        SortedMap<String, Object> sorted = new TreeMap<>();
        object.forEach((key, value) -> sorted.put((String) key, value));
        char before = '{';
        for (var field : sorted.entrySet()) {
            out.append(before);
            text(field.getKey());
            out.append(':');
            value(field.getValue());
            before = ',';
        }
        out.append(sorted.isEmpty() ? "{}" : "}");
    }

    private void text(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < 0x20) {
                        out.append(c < 0x10 ? "\\u000" : "\\u00").append(Integer.toHexString(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
