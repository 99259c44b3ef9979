package io.stepvault.worker.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.JsonText;
import io.stepvault.worker.cli.terminal.Printable;
import io.stepvault.worker.cli.terminal.Table;
import io.stepvault.worker.deadletter.LetterPayload;
import io.stepvault.worker.deadletter.PastAttempt;
import io.stepvault.worker.deadletter.StoredDeadLetter;
import io.stepvault.worker.flow.SourceRecord;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A dead letter as text. Immutable; safe for any thread. */
final class DeadLetterText {
    /** A session's id may be long, and a line should stay one. */
    private static final int MAX_SESSION = 40;

    private final StoredDeadLetter letter;

    DeadLetterText(StoredDeadLetter letter) {
        this.letter = letter;
    }

    static Table table() {
        return new Table()
                .column("PLACE")
                .column("DEAD-LETTERED")
                .column("REASON")
                .column("SOURCE")
                .column("SESSION")
                .numbers("SIZE")
                .numbers("ATTEMPTS")
                .column("STATE");
    }

    /** A row of {@link #table}. */
    void row(Table table) {
        LetterPayload payload = letter.payload();
        table.row(
                letter.place().toString(),
                letter.at().toString(),
                letter.headers().reason(),
                letter.source().toString(),
                payload.session().map(id -> Printable.cut(id, MAX_SESSION)).orElse("-"),
                size(),
                Integer.toString(letter.headers().attempts().count()),
                state());
    }

    /** Its value's length, for people. */
    String size() {
        return letter.payload().bytes().isPresent()
                ? Amounts.bytes(letter.payload().bytes().getAsLong())
                : "no value";
    }

    /** What can be done with it. */
    String state() {
        return letter.state().name().toLowerCase(Locale.ROOT);
    }

    /** For programs: what is known without the payload. */
    void json(JsonGenerator fields) throws IOException {
        LetterPayload payload = letter.payload();
        fields.writeBooleanField("dead_letter", true);
        fields.writeStringField("place", letter.place().toString());
        fields.writeArrayFieldStart("records");
        for (var record : letter.records()) {
            fields.writeString(record.toString());
        }
        fields.writeEndArray();
        fields.writeStringField("at", letter.at().toString());
        fields.writeStringField("reason", letter.headers().reason());
        fields.writeStringField("detail", letter.headers().detail());
        fields.writeStringField("state", state());
        fields.writeObjectFieldStart("source");
        fields.writeStringField("topic", letter.source().topic());
        fields.writeStringField("topic_id", letter.source().id().topicId());
        fields.writeNumberField("partition", letter.source().id().partition());
        fields.writeNumberField("offset", letter.source().id().offset());
        if (letter.source().timestamp() < 0) {
            fields.writeNullField("timestamp");
        } else {
            fields.writeStringField(
                    "timestamp",
                    Instant.ofEpochMilli(letter.source().timestamp()).toString());
        }
        fields.writeEndObject();
        JsonText.optional(fields, "session_id", payload.session());
        JsonText.optional(fields, "step_id", payload.step());
        if (payload.bytes().isPresent()) {
            fields.writeNumberField("bytes", payload.bytes().getAsLong());
        } else {
            fields.writeNullField("bytes");
        }
        fields.writeBooleanField("is_chunk", payload.isChunk());
        fields.writeNumberField("attempts", letter.headers().attempts().count());
        fields.writeArrayFieldStart("history");
        for (PastAttempt past : letter.headers().attempts().past()) {
            fields.writeStartObject();
            fields.writeStringField("at", past.at().toString());
            fields.writeStringField("reason", past.reason());
            fields.writeStringField("topic", past.topic());
            fields.writeNumberField("partition", past.partition());
            fields.writeNumberField("offset", past.offset());
            fields.writeEndObject();
        }
        fields.writeEndArray();
        fields.writeNumberField("omitted_headers", letter.headers().omitted().headers());
        fields.writeNumberField("omitted_key_bytes", letter.headers().omitted().keyBytes());
    }

    /** For programs: the record's key and its own headers, to the byte. */
    static void json(JsonGenerator fields, SourceRecord record) throws IOException {
        binary(fields, "key_base64", record.key());
        fields.writeArrayFieldStart("headers");
        for (Header header : record.headers()) {
            fields.writeStartObject();
            fields.writeStringField("name", header.key());
            binary(fields, "value_base64", header.value());
            fields.writeEndObject();
        }
        fields.writeEndArray();
    }

    private static void binary(JsonGenerator fields, String name, byte @Nullable [] bytes) throws IOException {
        if (bytes == null) {
            fields.writeNullField(name);
        } else {
            fields.writeBinaryField(name, bytes);
        }
    }
}
