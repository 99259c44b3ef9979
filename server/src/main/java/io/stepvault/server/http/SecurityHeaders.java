package io.stepvault.server.http;

import java.util.Map;

/** Header fields that keep browsers from doing more with an answer than showing it to whom it is for. */
final class SecurityHeaders {
    /** On every answer; an answer's own of the same name takes its place. */
    static final Map<String, String> FOR_ALL = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Referrer-Policy",
            "no-referrer",
            "Cache-Control",
            "no-store");

    private SecurityHeaders() {}
}
