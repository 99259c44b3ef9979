package io.stepvault.bench.stub;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request but for its body.
 *
 * @param method such as {@code PUT}
 * @param path as it was sent, percent-encoded, without the query
 * @param query as it was sent; empty if there is none
 * @param headers by name in lower case; of several with one name the last
 */
record RequestHead(String method, String path, String query, Map<String, String> headers) {
    private static final String PAYLOAD_LENGTH = "x-amz-decoded-content-length";

    /**
     * Reads a head.
     *
     * @param text up to and without the empty line
     * @throws IllegalArgumentException if it is none
     */
    static RequestHead parse(byte[] text, int offset, int length) {
        String[] lines = new String(text, offset, length, StandardCharsets.ISO_8859_1).split("\r\n", -1);
        String[] request = lines[0].split(" ", -1);
        if (request.length != 3 || !request[2].startsWith("HTTP/1.")) {
            throw new IllegalArgumentException("no request line of HTTP/1.1: " + lines[0]);
        }
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("no header: " + lines[i]);
            }
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip());
        }
        String target = request[1];
        int mark = target.indexOf('?');
        return new RequestHead(
                request[0],
                mark < 0 ? target : target.substring(0, mark),
                mark < 0 ? "" : target.substring(mark + 1),
                headers);
    }

    /** The header's value, or null; the name in lower case. */
    @Nullable
    String header(String name) {
        return headers.get(name);
    }

    /** Bytes that follow the head. */
    long contentLength() {
        return number("content-length", 0);
    }

    /** Bytes of the object in them: fewer, where it comes in pieces with signatures or a trailer. */
    long payloadLength() {
        return number(PAYLOAD_LENGTH, contentLength());
    }

    /** Whether the body comes in pieces of unknown number, which S3 refuses too. */
    boolean hasUnknownLength() {
        return headers.containsKey("transfer-encoding");
    }

    /** Whether the client waits for a word before it sends the body. */
    boolean expectsContinue() {
        return "100-continue".equalsIgnoreCase(headers.get("expect"));
    }

    /** Whether the client is done with the connection. */
    boolean closes() {
        return "close".equalsIgnoreCase(headers.get("connection"));
    }

    /** Whether the query has the parameter, with a value or without. */
    boolean asks(String parameter) {
        if (query.isEmpty()) {
            return false;
        }
        String parameters = "&" + query;
        int at = parameters.indexOf("&" + parameter);
        int end = at + 1 + parameter.length();
        return at >= 0 && (end == parameters.length() || "=&".indexOf(parameters.charAt(end)) >= 0);
    }

    /** Whether it is about a bucket rather than an object in it (path style). */
    boolean isOfBucket() {
        int slash = path.indexOf('/', 1);
        return slash < 0 || slash == path.length() - 1;
    }

    private long number(String name, long otherwise) {
        String value = headers.get(name);
        return value == null ? otherwise : Long.parseLong(value);
    }
}
