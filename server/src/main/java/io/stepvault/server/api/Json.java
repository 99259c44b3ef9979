package io.stepvault.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stepvault.storage.StepEntry;
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

    /** A step as lists have it. */
    static void step(JsonGenerator json, StepEntry step) throws IOException {
        json.writeStartObject();
        stepFields(json, step);
        json.writeEndObject();
    }

    /** The fields of a step as lists have them. */
    static void stepFields(JsonGenerator json, StepEntry step) throws IOException {
        String self = Links.revision(step.sessionId(), step.stepId(), step.revision());
        json.writeStringField("step_id", step.stepId());
        json.writeStringField("revision", step.revision().toString());
        time(json, "captured_at", step.revision().capturedAt());
        json.writeObjectFieldStart("links");
        json.writeStringField("self", self);
        json.writeStringField("latest", Links.step(step.sessionId(), step.stepId()));
        json.writeStringField("thumbnail", Links.thumbnail(self));
        json.writeEndObject();
    }
}
