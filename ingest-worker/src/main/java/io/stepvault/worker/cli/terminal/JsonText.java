package io.stepvault.worker.cli.terminal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Output for programs: one JSON object on one line, in ASCII, so that neither a terminal nor a locale can spoil it.
 * Stateless; safe for any thread.
 */
public final class JsonText {
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** Writes fields, or elements. */
    @FunctionalInterface
    public interface Content {
        /** Writes into an object or an array that is open. */
        void write(JsonGenerator json) throws IOException;
    }

    private JsonText() {}

    /** An object with these fields. */
    public static String object(Content fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return text.toString();
    }

    /** A field that is null when there is nothing to say. */
    public static void optional(JsonGenerator json, String field, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            json.writeStringField(field, value.get());
        } else {
            json.writeNullField(field);
        }
    }
}
