package io.stepvault.server.http;

import java.util.Map;
import java.util.Optional;

/**
 * What went wrong, as RFC 9457 has it ({@code application/problem+json}). It is shown to whoever asked, so it never
 * holds secrets, nor text that came with the request.
 *
 * @param status HTTP status, 400 to 599
 * @param title the kind of problem in a few words
 * @param detail what is wrong this time and what to do
 * @param instance names this occurrence, so that an operator finds it in the log
 * @param headers header fields that go with it
 */
public record Problem(int status, String title, String detail, Optional<String> instance, Map<String, String> headers) {
    /** Copies the headers. */
    public Problem {
        headers = Map.copyOf(headers);
    }

    /** A problem that says all there is to say. */
    public Problem(int status, String title, String detail) {
        this(status, title, detail, Optional.empty(), Map.of());
    }

    /** 400: the request makes no sense as it is. */
    public static Problem badRequest(String detail) {
        return new Problem(400, "Bad request", detail);
    }

    /** 404: there is no such thing. */
    public static Problem notFound(String detail) {
        return new Problem(404, "Not found", detail);
    }

    /** 403: not from there. */
    public static Problem forbidden(String detail) {
        return new Problem(403, "Forbidden", detail);
    }

    /** 405: the path takes other methods. */
    static Problem methodNotAllowed(String allow) {
        return new Problem(
                405, "Method not allowed", "this path takes " + allow, Optional.empty(), Map.of("Allow", allow));
    }

    /** 503: not now, but soon perhaps. */
    public static Problem unavailable(String detail) {
        return new Problem(503, "Unavailable", detail, Optional.empty(), Map.of("Retry-After", "2"));
    }

    /** To be thrown, and answered. */
    public ProblemException asException() {
        return new ProblemException(this);
    }

    /** As an answer, never kept by a cache. */
    public Answer asAnswer() {
        Answer answer = Answer.json(status, "application/problem+json", json -> {
                    json.writeStartObject();
                    json.writeStringField("type", "about:blank");
                    json.writeStringField("title", title);
                    json.writeNumberField("status", status);
                    json.writeStringField("detail", detail);
                    if (instance.isPresent()) {
                        json.writeStringField("instance", instance.get());
                    }
                    json.writeEndObject();
                })
                .with("Cache-Control", "no-store");
        for (Map.Entry<String, String> header : headers.entrySet()) {
            answer = answer.with(header.getKey(), header.getValue());
        }
        return answer;
    }
}
