package io.stepvault.server.http;

import java.net.InetAddress;
import java.util.Map;

/**
 * A request without a body, as it came. All of it is hostile input.
 *
 * @param method upper case, such as {@code GET}
 * @param path the path as it was sent, percent-encoded, from the first slash on
 * @param query the text after the question mark, percent-encoded; empty if there is none
 * @param headers its header fields
 * @param peers who talks to whom
 * @param segments the path's variable segments by the names that its route gives them, decoded once
 */
public record Call(
        String method, String path, String query, Headers headers, Peers peers, Map<String, String> segments) {
    /**
     * The two ends of a connection.
     *
     * @param local the server's
     * @param remote the client's, or that of the last proxy
     */
    public record Peers(InetAddress local, InetAddress remote) {}

    /** Copies the segments. */
    public Call {
        segments = Map.copyOf(segments);
    }

    /** The same once its route is known. */
    Call with(Map<String, String> routed) {
        return new Call(method, path, query, headers, peers, routed);
    }

    /**
     * A segment that the route names.
     *
     * @throws IllegalStateException if it does not
     */
    public String segment(String name) {
        String segment = segments.get(name);
        if (segment == null) {
            throw new IllegalStateException("the route of this call has no segment " + name);
        }
        return segment;
    }

    /** Whether the client wants to know what a GET would answer, without the body. */
    public boolean isHead() {
        return method.equals("HEAD");
    }
}
