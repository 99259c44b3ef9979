package io.stepvault.embedded.front;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The first line and the headers of a message of HTTP/1.1 (RFC 9112), with its bytes as they came: what a client has
 * signed must reach the server unchanged. Immutable; safe for any thread.
 *
 * @param text up to and with the empty line, a character for each byte
 * @param firstLine of a request or an answer
 * @param headers by name in lower case; of several of a name, the last
 */
record HttpHead(String text, String firstLine, Map<String, String> headers) {
    private static final int MAX_BYTES = 64 << 10;

    /** The next head; empty if the connection ends before it. */
    static Optional<HttpHead> read(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        int matched = 0;
        while (matched < 4) {
            int next = in.read();
            if (next < 0) {
                if (bytes.size() == 0) {
                    return Optional.empty();
                }
                throw new IOException("the connection ended within a head");
            }
            bytes.write(next);
            matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
            if (bytes.size() > MAX_BYTES) {
                throw new IOException("a head of more than " + MAX_BYTES + " bytes");
            }
        }
        return Optional.of(parse(bytes.toString(StandardCharsets.ISO_8859_1)));
    }

    private static HttpHead parse(String text) {
        List<String> lines = text.lines().toList();
        Map<String, String> headers = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return new HttpHead(text, lines.get(0), headers);
    }

    /** As they came. */
    byte[] bytes() {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Of a request. */
    String method() {
        return firstLine.split(" ", 2)[0];
    }

    /** Of an answer. */
    int status() throws IOException {
        String[] words = firstLine.split(" ", 3);
        try {
            return Integer.parseInt(words[1]);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IOException("not an answer of HTTP: " + firstLine, e);
        }
    }

    boolean isChunked() {
        return says("transfer-encoding", "chunked");
    }

    /** How long the body is, if that is said. */
    Optional<Long> contentLength() throws IOException {
        String length = headers.get("content-length");
        try {
            return length == null ? Optional.empty() : Optional.of(Long.parseLong(length));
        } catch (NumberFormatException e) {
            throw new IOException("not a length: " + length, e);
        }
    }

    /** Whether the client waits for a word before it sends the body. */
    boolean expectsContinue() {
        return says("expect", "100-continue");
    }

    /** Whether the connection ends after this message. */
    boolean isLast() {
        return says("connection", "close");
    }

    private boolean says(String header, String value) {
        return headers.getOrDefault(header, "").equalsIgnoreCase(value);
    }
}
