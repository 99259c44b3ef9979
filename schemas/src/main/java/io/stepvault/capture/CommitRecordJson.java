package io.stepvault.capture;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The canonical JSON of a {@link CommitRecord}: RFC 8785 (keys in UTF-16 order, no white space, the shortest escapes,
 * UTF-8) but for integers, which are written in full. Fields at their default are left out, so that a capture keeps its
 * revision when the schema grows.
 */
final class CommitRecordJson {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    // A field may be as large as a capture: the limit that guards is the one on the record, not one of JSON's.
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // On an error the generator must not close what it had opened: half a record is no record.
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .build()
            .setCharacterEscapes(new ShortestEscapes());

    private CommitRecordJson() {}

    static byte[] write(CommitRecord record) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            if (record.action().isPresent()) {
                json.writeStringField("action", record.action().get());
            }
            if (!record.artifacts().isEmpty()) {
                json.writeObjectFieldStart("artifacts");
                for (var artifact : record.artifacts().entrySet()) {
                    json.writeObjectFieldStart(artifact.getKey());
                    json.writeStringField("content_type", artifact.getValue().contentType());
                    json.writeStringField("sha256", artifact.getValue().sha256());
                    json.writeNumberField("size", artifact.getValue().size());
                    json.writeEndObject();
                }
                json.writeEndObject();
            }
            json.writeStringField("captured_at", TIME.format(record.capturedAt()));
            if (record.endOfSession()) {
                json.writeBooleanField("end_of_session", true);
            }
            if (!record.labels().isEmpty()) {
                json.writeObjectFieldStart("labels");
                for (var label : record.labels().entrySet()) {
                    json.writeStringField(label.getKey(), label.getValue());
                }
                json.writeEndObject();
            }
            if (record.sequence().isPresent()) {
                json.writeNumberField("sequence", record.sequence().get());
            }
            json.writeStringField("session_id", record.sessionId());
            json.writeStringField("step_id", record.stepId());
            if (record.url().isPresent()) {
                json.writeStringField("url", record.url().get());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalArgumentException("capture holds text that is not valid Unicode", e);
        }
        return bytes.toByteArray();
    }

    static CommitRecord read(byte[] bytes) {
        try (JsonParser json = JSON.createParser(bytes)) {
            Fields fields = new Fields();
            require(json.nextToken(), JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                fields.read(json);
            }
            require(json.currentToken(), JsonToken.END_OBJECT);
            require(json.nextToken(), null);
            return fields.toRecord();
        } catch (IOException | DateTimeException e) {
            throw new IllegalArgumentException(
                    "not a commit record: " + e.getClass().getSimpleName(), e);
        }
    }

    private static void require(@Nullable JsonToken actual, @Nullable JsonToken expected) {
        if (actual != expected) {
            throw new IllegalArgumentException("not a commit record: found " + actual + ", expected " + expected);
        }
    }

    /** The fields met so far; what is absent is at its default. */
    private static final class Fields {
        private @Nullable String sessionId;
        private @Nullable String stepId;
        private @Nullable Instant capturedAt;
        private Optional<Long> sequence = Optional.empty();
        private Optional<String> url = Optional.empty();
        private Optional<String> action = Optional.empty();
        private final SortedMap<String, ArtifactInfo> artifacts = new TreeMap<>();
        private final SortedMap<String, String> labels = new TreeMap<>();
        private boolean endOfSession;

        void read(JsonParser json) throws IOException {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "session_id" -> sessionId = text(json);
                case "step_id" -> stepId = text(json);
                case "captured_at" -> capturedAt = Instant.parse(text(json));
                case "sequence" -> sequence = Optional.of(json.getLongValue());
                case "url" -> url = Optional.of(text(json));
                case "action" -> action = Optional.of(text(json));
                case "end_of_session" -> endOfSession = json.getBooleanValue();
                case "artifacts" -> {
                    require(json.currentToken(), JsonToken.START_OBJECT);
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        artifacts.put(json.currentName(), artifact(json));
                    }
                }
                case "labels" -> {
                    require(json.currentToken(), JsonToken.START_OBJECT);
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        String label = json.currentName();
                        json.nextToken();
                        labels.put(label, text(json));
                    }
                }
                default -> json.skipChildren();
            }
        }

        private static ArtifactInfo artifact(JsonParser json) throws IOException {
            String contentType = null;
            String sha256 = null;
            long size = -1;
            require(json.nextToken(), JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "content_type" -> contentType = text(json);
                    case "sha256" -> sha256 = text(json);
                    case "size" -> size = json.getLongValue();
                    default -> json.skipChildren();
                }
            }
            if (contentType == null || sha256 == null || size < 0) {
                throw new IllegalArgumentException("not a commit record: an artifact lacks its type, hash or size");
            }
            return new ArtifactInfo(contentType, size, sha256);
        }

        private static String text(JsonParser json) throws IOException {
            require(json.currentToken(), JsonToken.VALUE_STRING);
            return json.getText();
        }

        CommitRecord toRecord() {
            if (sessionId == null || stepId == null || capturedAt == null) {
                throw new IllegalArgumentException("not a commit record: an id or the capture time is missing");
            }
            return new CommitRecord(
                    sessionId, stepId, capturedAt, sequence, url, action, artifacts, labels, endOfSession);
        }
    }

    /** RFC 8785, section 3.2.2.2: lower-case hex where JSON has no short escape. Jackson's own is upper case. */
    private static final class ShortestEscapes extends CharacterEscapes {
        private static final long serialVersionUID = 1L;

        @Override
        public int[] getEscapeCodesForAscii() {
            int[] escapes = standardAsciiEscapesForJSON();
            for (int c = 0; c < 0x20; c++) {
                if (escapes[c] == ESCAPE_STANDARD) {
                    escapes[c] = ESCAPE_CUSTOM;
                }
            }
            return escapes;
        }

        @Override
        public SerializableString getEscapeSequence(int c) {
            return new SerializedString(String.format(Locale.ROOT, "\\u%04x", c));
        }
    }
}
