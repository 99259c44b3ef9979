package io.stepvault.registry;

import io.stepvault.wire.ConfluentFormat;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * A schema under a subject of a registry. Immutable; safe for any thread.
 *
 * @param id by which records name it
 * @param version within its subject, from 1
 * @param schema its text
 * @param type {@code AVRO}, {@code JSON}, {@code PROTOBUF}, ...
 */
public record RegisteredSchema(String subject, int id, int version, String schema, String type) {
    /**
     * Why what it writes cannot be read as step captures, or not all of it; empty if it can.
     *
     * @return the rest of a sentence that begins with the schema
     */
    public Optional<String> whyNoCaptures() {
        if (!type.equals("AVRO")) {
            return Optional.of("is of type " + type);
        }
        try {
            return ConfluentFormat.whyUnreadable(
                    new Schema.Parser().setValidateDefaults(false).parse(schema));
        } catch (RuntimeException e) {
            return Optional.of("is no valid Avro schema by itself");
        }
    }
}
