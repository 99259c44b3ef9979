package io.stepvault.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stepvault.capture.ArtifactInfo;
import io.stepvault.capture.CommitRecord;
import java.io.IOException;
import java.util.Map;

/** What commit records say, as JSON. */
final class Records {
    private Records() {}

    /**
     * Writes the fields of a record but for its ids.
     *
     * @param self the revision's path
     */
    static void write(JsonGenerator json, CommitRecord record, String self) throws IOException {
        Json.time(json, "captured_at", record.capturedAt());
        if (record.sequence().isPresent()) {
            json.writeNumberField("sequence", record.sequence().get());
        }
        if (record.url().isPresent()) {
            json.writeStringField("url", record.url().get());
        }
        if (record.action().isPresent()) {
            json.writeStringField("action", record.action().get());
        }
        json.writeObjectFieldStart("labels");
        for (Map.Entry<String, String> label : record.labels().entrySet()) {
            json.writeStringField(label.getKey(), label.getValue());
        }
        json.writeEndObject();
        json.writeBooleanField("end_of_session", record.endOfSession());
        json.writeArrayFieldStart("artifacts");
        for (Map.Entry<String, ArtifactInfo> artifact : record.artifacts().entrySet()) {
            write(json, artifact.getKey(), artifact.getValue(), Links.artifact(self, artifact.getKey()));
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, String name, ArtifactInfo info, String link) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeStringField("content_type", info.contentType());
        json.writeNumberField("size", info.size());
        json.writeStringField("sha256", info.sha256());
        json.writeObjectFieldStart("links");
        json.writeStringField("self", link);
        json.writeStringField("download", link + "?download=true");
        json.writeEndObject();
        json.writeEndObject();
    }

    /** About how many bytes the record's own text takes. */
    static long textOf(CommitRecord record) {
        long text = (long) record.action().map(String::length).orElse(0)
                + record.url().map(String::length).orElse(0);
        for (Map.Entry<String, String> label : record.labels().entrySet()) {
            text += label.getKey().length() + label.getValue().length();
        }
        return text;
    }
}
