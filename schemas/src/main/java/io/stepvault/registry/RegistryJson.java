package io.stepvault.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** The JSON of the registry's API, and of schemas. Stateless; safe for any thread. */
final class RegistryJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String JAVA_STRING = "avro.java.string";

    private RegistryJson() {}

    /**
     * Reads an answer: maps, lists, texts, numbers, booleans and null.
     *
     * @throws IOException if it is not JSON
     */
    static @Nullable Object read(byte[] bytes) throws IOException {
        try (JsonParser json = JSON.createParser(new String(bytes, StandardCharsets.UTF_8))) {
            json.nextToken();
            Object value = value(json);
            if (json.nextToken() != null) {
                throw new IOException("something follows the JSON");
            }
            return value;
        }
    }

    private static @Nullable Object value(JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        if (token == null) {
            throw new IOException("the answer is empty");
        }
        switch (token) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    json.nextToken();
                    object.put(name, value(json));
                }
                return object;
            }
            case START_ARRAY -> {
                List<@Nullable Object> array = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(json));
                }
                return array;
            }
            case VALUE_STRING -> {
                return json.getText();
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                return json.getNumberValue();
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                return json.getBooleanValue();
            }
            case VALUE_NULL -> {
                return null;
            }
            default -> throw new IOException("unexpected " + token);
        }
    }

    static Optional<String> text(@Nullable Object object, String field) {
        return object instanceof Map<?, ?> map && map.get(field) instanceof String text
                ? Optional.of(text)
                : Optional.empty();
    }

    static Optional<Integer> integer(@Nullable Object object, String field) {
        return object instanceof Map<?, ?> map && map.get(field) instanceof Integer number
                ? Optional.of(number)
                : Optional.empty();
    }

    static List<?> list(@Nullable Object object, String field) {
        return object instanceof Map<?, ?> map && map.get(field) instanceof List<?> list ? list : List.of();
    }

    /** The body of a request that is about a schema. */
    static byte[] schemaBody(String schema) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("schema", schema);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A schema as it is to be registered: without what only Java's code generator knows, or one schema gets two ids. */
    static String portable(Schema schema) {
        StringWriter text = new StringWriter();
        try (JsonParser in = JSON.createParser(schema.toString());
                JsonGenerator out = JSON.createGenerator(text)) {
            while (in.nextToken() != null) {
                if (in.currentToken() == JsonToken.FIELD_NAME && JAVA_STRING.equals(in.currentName())) {
                    in.nextToken();
                    in.skipChildren();
                } else {
                    out.copyCurrentEvent(in);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a schema's own text is JSON", e);
        }
        // Once more: Avro writes {"type": "string"} as "string".
        return new Schema.Parser().parse(text.toString()).toString();
    }
}
