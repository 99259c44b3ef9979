package io.stepvault.server.http;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is answered to a {@link Call}. Immutable.
 *
 * @param headers header fields but for those of the body's length and encoding
 */
public record Answer(int status, Map<String, String> headers, Body body) {
    /** Copies the headers. */
    public Answer {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** 200 with JSON. */
    public static Answer json(Body.Content content) {
        return json(200, "application/json", content);
    }

    /** Some kind of JSON. */
    public static Answer json(int status, String contentType, Body.Content content) {
        return new Answer(
                status, Map.of("Content-Type", contentType, "Vary", "Accept-Encoding"), new Body.Json(content));
    }

    /** 308: the same is found elsewhere on this server. */
    public static Answer redirect(String path) {
        return new Answer(308, Map.of("Location", path), new Body.Empty());
    }

    /** 204. */
    public static Answer noContent() {
        return new Answer(204, Map.of(), new Body.Empty());
    }

    /** The same with one more header field, or another value of it. */
    public Answer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, more, body);
    }

    /** A header field. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /**
     * 304 if this is a 200 whose ETag the client has already; otherwise this. All headers stay: those of the 304 take the
     * place of those that the client has kept.
     */
    public Answer unlessKnown(Headers request) {
        Optional<String> etag = header("ETag");
        return status == 200 && etag.isPresent() && EntityTags.isKnown(request, etag.get())
                ? new Answer(304, headers, new Body.Empty())
                : this;
    }
}
