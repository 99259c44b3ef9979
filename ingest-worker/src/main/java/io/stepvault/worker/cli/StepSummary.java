package io.stepvault.worker.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stepvault.capture.ArtifactInfo;
import io.stepvault.capture.CommitRecord;
import io.stepvault.storage.StoredStep;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.JsonText;
import io.stepvault.worker.cli.terminal.Printable;
import io.stepvault.worker.cli.terminal.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is stored of a step, without its artifacts' bytes. Immutable; safe for any thread. */
final class StepSummary {
    private static final int MAX_TEXT = 200;

    private final StoredStep stored;
    private final CommitRecord record;

    StepSummary(StoredStep stored) {
        this.stored = stored;
        this.record = stored.record();
    }

    /** For people; long texts are cut. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("session    " + record.sessionId());
        lines.add("step       " + record.stepId());
        lines.add("revision   " + stored.revision());
        lines.add("captured   " + record.capturedAt());
        record.sequence().ifPresent(sequence -> lines.add("sequence   " + sequence));
        if (record.endOfSession()) {
            lines.add("end        this step ended its session");
        }
        record.url().ifPresent(url -> lines.add("url        " + Printable.cut(url, MAX_TEXT)));
        record.action()
                .ifPresent(
                        action -> lines.add("action     " + Printable.cut(action.replaceAll("\\s+", " "), MAX_TEXT)));
        record.labels().forEach((name, text) -> lines.add("label      " + name + "=" + Printable.cut(text, MAX_TEXT)));
        if (!record.artifacts().isEmpty()) {
            lines.add("");
            lines.addAll(artifacts().lines());
        }
        return lines;
    }

    private Table artifacts() {
        Table table = new Table()
                .column("ARTIFACT")
                .numbers("SIZE")
                .column("CONTENT TYPE")
                .column("SHA-256")
                .column("WHERE");
        record.artifacts()
                .forEach((name, info) -> table.row(
                        name,
                        Amounts.bytes(info.size()),
                        Printable.cut(info.contentType(), MAX_TEXT),
                        info.sha256(),
                        uri(name)));
        return table;
    }

    private String uri(String artifact) {
        return String.valueOf(stored.artifactUris().get(artifact));
    }

    /** For programs; nothing is cut. */
    void json(JsonGenerator fields) throws IOException {
        fields.writeStringField("session_id", record.sessionId());
        fields.writeStringField("step_id", record.stepId());
        fields.writeStringField("revision", stored.revision().toString());
        fields.writeStringField("captured_at", record.capturedAt().toString());
        if (record.sequence().isPresent()) {
            fields.writeNumberField("sequence", record.sequence().get());
        }
        JsonText.optional(fields, "url", record.url());
        JsonText.optional(fields, "action", record.action());
        fields.writeObjectFieldStart("labels");
        for (Map.Entry<String, String> label : record.labels().entrySet()) {
            fields.writeStringField(label.getKey(), label.getValue());
        }
        fields.writeEndObject();
        fields.writeBooleanField("end_of_session", record.endOfSession());
        fields.writeArrayFieldStart("artifacts");
        for (Map.Entry<String, ArtifactInfo> artifact : record.artifacts().entrySet()) {
            fields.writeStartObject();
            fields.writeStringField("name", artifact.getKey());
            fields.writeStringField("uri", uri(artifact.getKey()));
            fields.writeNumberField("size", artifact.getValue().size());
            fields.writeStringField("sha256", artifact.getValue().sha256());
            fields.writeStringField("content_type", artifact.getValue().contentType());
            fields.writeEndObject();
        }
        fields.writeEndArray();
    }
}
