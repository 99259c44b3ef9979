package io.stepvault.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stepvault.capture.Revision;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** Pieces of JSON that several answers have. */
final class Json {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Json() {}

    /** A time in whole microseconds, as commit records write it. */
    static void time(JsonGenerator json, String name, Instant time) throws IOException {
        json.writeStringField(name, TIME.format(time));
    }

    /** The token of the next page, if there is one. */
    static void next(JsonGenerator json, Optional<String> token) throws IOException {
        if (token.isPresent()) {
            json.writeStringField("next", token.get());
        }
    }

    /** A step as lists have it, with its links. */
    static void step(JsonGenerator json, String sessionId, String stepId, Revision revision) throws IOException {
        String self = Links.revision(sessionId, stepId, revision);
        json.writeStringField("step_id", stepId);
        json.writeStringField("revision", revision.toString());
        time(json, "captured_at", revision.capturedAt());
        json.writeObjectFieldStart("links");
        json.writeStringField("self", self);
        json.writeStringField("latest", Links.step(sessionId, stepId));
        json.writeStringField("thumbnail", Links.thumbnail(self));
        json.writeEndObject();
    }
}
