package io.stepvault.worker.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stepvault.event.BatchSource;
import io.stepvault.event.BatchStored;
import io.stepvault.event.ByteRange;
import io.stepvault.event.CompletedArtifact;
import io.stepvault.event.CompletedStep;
import io.stepvault.event.DeadLetteredStep;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.JsonText;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** A completion event as text. Immutable; safe for any thread. */
final class CompletionText {
    private final BatchStored event;

    CompletionText(BatchStored event) {
        this.event = event;
    }

    /** For people. */
    String line() {
        List<CompletedStep> steps = event.getSteps();
        long bytes = steps.stream()
                .flatMap(step -> step.getArtifacts().stream())
                .mapToLong(CompletedArtifact::getSize)
                .sum();
        BatchSource source = event.getSource();
        StringBuilder line = new StringBuilder()
                .append(event.getStoredAt().truncatedTo(ChronoUnit.MILLIS))
                .append("  ")
                .append(event.getSessionId())
                .append("  ")
                .append(Amounts.count(steps.size(), "step"));
        if (!steps.isEmpty()) {
            line.append(" (").append(steps.get(0).getStepId());
            if (steps.size() > 1) {
                line.append(" to ").append(steps.get(steps.size() - 1).getStepId());
            }
            line.append(')');
        }
        line.append("  ").append(Amounts.bytes(bytes));
        line.append("  ")
                .append(source.getTopic())
                .append('-')
                .append(source.getPartition())
                .append('@')
                .append(source.getFirstOffset())
                .append("..")
                .append(source.getLastOffset());
        if (!event.getDeadLetters().isEmpty()) {
            line.append("  dead-lettered ").append(event.getDeadLetters().size());
        }
        if (event.getEndOfSession()) {
            line.append("  end of session");
        }
        event.getReplayId().ifPresent(replay -> line.append("  replay ").append(replay));
        return line.toString();
    }

    /** For programs: the whole event, with the names of its schema. */
    void json(JsonGenerator fields) throws IOException {
        fields.writeStringField("completion_id", event.getCompletionId());
        fields.writeStringField("session_id", event.getSessionId());
        fields.writeObjectFieldStart("source");
        fields.writeStringField("topic", event.getSource().getTopic());
        fields.writeStringField("topic_id", event.getSource().getTopicId());
        fields.writeNumberField("partition", event.getSource().getPartition());
        fields.writeNumberField("first_offset", event.getSource().getFirstOffset());
        fields.writeNumberField("last_offset", event.getSource().getLastOffset());
        fields.writeEndObject();
        fields.writeStringField("stored_at", event.getStoredAt().toString());
        JsonText.optional(fields, "replay_id", event.getReplayId());
        fields.writeArrayFieldStart("steps");
        for (CompletedStep step : event.getSteps()) {
            fields.writeStartObject();
            fields.writeStringField("step_id", step.getStepId());
            fields.writeStringField("revision", step.getRevision());
            number(fields, "sequence", step.getSequence());
            fields.writeArrayFieldStart("artifacts");
            for (CompletedArtifact artifact : step.getArtifacts()) {
                artifact(fields, artifact);
            }
            fields.writeEndArray();
            fields.writeEndObject();
        }
        fields.writeEndArray();
        fields.writeArrayFieldStart("dead_letters");
        for (DeadLetteredStep letter : event.getDeadLetters()) {
            fields.writeStartObject();
            fields.writeNumberField("offset", letter.getOffset());
            JsonText.optional(fields, "step_id", letter.getStepId());
            fields.writeStringField("reason", letter.getReason());
            fields.writeEndObject();
        }
        fields.writeEndArray();
        fields.writeBooleanField("end_of_session", event.getEndOfSession());
    }

    private static void artifact(JsonGenerator fields, CompletedArtifact artifact) throws IOException {
        fields.writeStartObject();
        fields.writeStringField("name", artifact.getName());
        fields.writeStringField("uri", artifact.getUri());
        if (artifact.getRange().isPresent()) {
            ByteRange range = artifact.getRange().get();
            fields.writeObjectFieldStart("range");
            fields.writeNumberField("offset", range.getOffset());
            fields.writeNumberField("length", range.getLength());
            fields.writeEndObject();
        }
        fields.writeNumberField("size", artifact.getSize());
        fields.writeStringField("sha256", artifact.getSha256());
        fields.writeStringField("content_type", artifact.getContentType());
        fields.writeEndObject();
    }

    private static void number(JsonGenerator fields, String name, Optional<Long> value) throws IOException {
        if (value.isPresent()) {
            fields.writeNumberField(name, value.get());
        } else {
            fields.writeNullField(name);
        }
    }
}
