package io.stepvault.capture;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@link CommitRecord} as JSON: which field stands for what. Fields at their default are left out, so that a capture
 * keeps its revision when the schema grows; an artifact's description is always whole.
 */
final class CommitRecordJson {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC)
            .withResolverStyle(ResolverStyle.STRICT);
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    // A field may be as large as a capture: the limit that guards is the one on the record, not one of JSON's.
    // Names are hostile too: they must not fill, or be refused by, a table that is shared by all records.
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private CommitRecordJson() {}

    static byte[] write(CommitRecord record) {
        SortedMap<String, Object> fields = new TreeMap<>();
        fields.put("session_id", record.sessionId());
        fields.put("step_id", record.stepId());
        fields.put("captured_at", TIME.format(record.capturedAt()));
        record.sequence().ifPresent(sequence -> fields.put("sequence", sequence));
        record.url().ifPresent(url -> fields.put("url", url));
        record.action().ifPresent(action -> fields.put("action", action));
        if (!record.artifacts().isEmpty()) {
            SortedMap<String, Object> artifacts = new TreeMap<>();
            record.artifacts().forEach((name, info) -> artifacts.put(name, fieldsOf(info)));
            fields.put("artifacts", artifacts);
        }
        if (!record.labels().isEmpty()) {
            fields.put("labels", record.labels());
        }
        if (record.endOfSession()) {
            fields.put("end_of_session", true);
        }
        return CanonicalJson.write(fields);
    }

    private static Map<String, Object> fieldsOf(ArtifactInfo info) {
        return Map.of("content_type", info.contentType(), "sha256", info.sha256(), "size", info.size());
    }

    static CommitRecord read(byte[] bytes) {
        // Left to itself the parser would guess among five encodings and let broken UTF-8 pass.
        try (JsonParser json = JSON.createParser(StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString())) {
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
                case "captured_at" -> capturedAt = TIME.parse(text(json), Instant::from);
                case "sequence" -> sequence = Optional.of(integer(json));
                case "url" -> url = Optional.of(text(json));
                case "action" -> action = Optional.of(text(json));
                case "end_of_session" -> endOfSession = json.getBooleanValue();
                case "artifacts" -> {
                    require(json.currentToken(), JsonToken.START_OBJECT);
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        artifacts.put(unicode(json.currentName()), artifact(json));
                    }
                }
                case "labels" -> {
                    require(json.currentToken(), JsonToken.START_OBJECT);
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        String label = unicode(json.currentName());
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
                    case "size" -> size = integer(json);
                    default -> json.skipChildren();
                }
            }
            if (contentType == null || sha256 == null || !SHA256.matcher(sha256).matches() || size < 0) {
                throw new IllegalArgumentException("not a commit record: an artifact lacks its type, hash or size");
            }
            return new ArtifactInfo(contentType, size, sha256);
        }

        private static String text(JsonParser json) throws IOException {
            require(json.currentToken(), JsonToken.VALUE_STRING);
            return unicode(json.getText());
        }

        private static String unicode(String text) {
            if (!UnicodeText.isValid(text)) {
                throw new IllegalArgumentException("not a commit record: a text holds an unpaired surrogate");
            }
            return text;
        }

        private static long integer(JsonParser json) throws IOException {
            require(json.currentToken(), JsonToken.VALUE_NUMBER_INT);
            return json.getLongValue();
        }

        CommitRecord toRecord() {
            if (sessionId == null || stepId == null || capturedAt == null) {
                throw new IllegalArgumentException("not a commit record: an id or the capture time is missing");
            }
            return new CommitRecord(
                    sessionId, stepId, capturedAt, sequence, url, action, artifacts, labels, endOfSession);
        }
    }
}
