package io.stepvault.storage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A {@link LifecyclePolicy} as JSON. */
final class LifecyclePolicyJson {
    private static final int FORMAT = 1;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private LifecyclePolicyJson() {}

    static byte[] write(LifecyclePolicy policy) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            // In the order of their names.
            json.writeStartObject();
            if (policy.expireAfterDays().isPresent()) {
                json.writeNumberField(
                        "expire_after_days", policy.expireAfterDays().getAsInt());
            }
            json.writeNumberField("format", FORMAT);
            if (!policy.holds().isEmpty()) {
                json.writeArrayFieldStart("holds");
                for (LabelHold hold : policy.holds()) {
                    json.writeStartObject();
                    json.writeStringField("label", hold.label());
                    if (hold.value().isPresent()) {
                        json.writeStringField("value", hold.value().get());
                    }
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            if (policy.keepRevisions().isPresent()) {
                json.writeNumberField("keep_revisions", policy.keepRevisions().getAsInt());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        try {
            ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text.getBuffer()));
            byte[] bytes = new byte[utf8.remaining()];
            utf8.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a label is not valid Unicode: it holds an unpaired surrogate", e);
        }
    }

    static LifecyclePolicy read(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            // First of all, since fields that are not known may be those of a later version.
            int format = format(text);
            if (format != FORMAT) {
                throw new IllegalArgumentException("the lifecycle policy has format " + format
                        + ", this version knows format " + FORMAT + " only; use a later one");
            }
            return policy(text);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "not a lifecycle policy: " + e.getClass().getSimpleName(), e);
        }
    }

    private static int format(String text) throws IOException {
        try (JsonParser json = JSON.createParser(text)) {
            require(json.nextToken(), JsonToken.START_OBJECT);
            int format = 0;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = json.currentName().equals("format");
                json.nextToken();
                if (found) {
                    format = integer(json);
                } else {
                    json.skipChildren();
                }
            }
            if (format < 1) {
                throw new IllegalArgumentException("not a lifecycle policy: it does not say its format");
            }
            return format;
        }
    }

    private static LifecyclePolicy policy(String text) throws IOException {
        OptionalInt expireAfterDays = OptionalInt.empty();
        OptionalInt keepRevisions = OptionalInt.empty();
        List<LabelHold> holds = new ArrayList<>();
        try (JsonParser json = JSON.createParser(text)) {
            require(json.nextToken(), JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "format" -> integer(json);
                    case "expire_after_days" -> expireAfterDays = OptionalInt.of(integer(json));
                    case "keep_revisions" -> keepRevisions = OptionalInt.of(integer(json));
                    case "holds" -> {
                        require(json.currentToken(), JsonToken.START_ARRAY);
                        while (json.nextToken() != JsonToken.END_ARRAY) {
                            holds.add(hold(json));
                        }
                    }
                    default -> throw unknown(field);
                }
            }
            require(json.currentToken(), JsonToken.END_OBJECT);
            require(json.nextToken(), null);
        }
        return new LifecyclePolicy(expireAfterDays, keepRevisions, holds);
    }

    private static LabelHold hold(JsonParser json) throws IOException {
        String label = "";
        Optional<String> value = Optional.empty();
        require(json.currentToken(), JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "label" -> label = text(json);
                case "value" -> value = Optional.of(text(json));
                default -> throw unknown(field);
            }
        }
        return new LabelHold(label, value);
    }

    private static IllegalArgumentException unknown(String field) {
        return new IllegalArgumentException("not a lifecycle policy: nobody knows the field '" + field + "'");
    }

    private static int integer(JsonParser json) throws IOException {
        require(json.currentToken(), JsonToken.VALUE_NUMBER_INT);
        return json.getIntValue();
    }

    private static String text(JsonParser json) throws IOException {
        require(json.currentToken(), JsonToken.VALUE_STRING);
        return json.getText();
    }

    private static void require(@Nullable JsonToken actual, @Nullable JsonToken expected) {
        if (actual != expected) {
            throw new IllegalArgumentException("not a lifecycle policy: found " + actual + ", expected " + expected);
        }
    }
}
