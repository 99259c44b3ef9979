package io.stepvault.registry;

import io.stepvault.registry.RegistryHttp.Request;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The part of Confluent's schema registry API that is needed for Avro (Confluent's documentation, "Schema Registry API
 * Reference"). Every call blocks until there is an answer or the last attempt has failed, and throws nothing but {@link
 * InterruptedException}. Safe for any thread.
 */
public final class RegistryClient {
    private static final String AVRO = "AVRO";

    private final RegistryHttp http;

    /**
     * A client.
     *
     * @throws RegistrySetupException if a file for TLS cannot be read
     */
    public RegistryClient(RegistrySettings settings) {
        this.http = new RegistryHttp(settings);
    }

    /**
     * The schema of an id.
     *
     * <p>A server may not have heard yet of a schema that another has just registered, so that a missing one is asked for
     * once more.
     */
    public RegistryAnswer<SchemaText> schema(int id) throws InterruptedException {
        Request request = new Request("/schemas/ids/" + Integer.toUnsignedString(id), Optional.empty(), true);
        return http.ask(
                request,
                json -> RegistryJson.text(json, "schema")
                        .map(text -> new SchemaText(
                                text,
                                RegistryJson.text(json, "schemaType").orElse(AVRO),
                                !RegistryJson.list(json, "references").isEmpty())));
    }

    /**
     * A schema as the registry has it.
     *
     * @param type {@code AVRO} if the registry does not say
     * @param hasReferences whether it needs other schemas to be understood
     */
    public record SchemaText(String text, String type, boolean hasReferences) {
        /** Whether this can be an Avro schema by itself. */
        public boolean isWholeAvro() {
            return type.equals(AVRO) && !hasReferences;
        }
    }

    /** Registers a schema under a subject, unless it is there; gives its id. */
    public RegistryAnswer<Integer> register(String subject, Schema schema) throws InterruptedException {
        return http.ask(
                post("/subjects/" + encoded(subject) + "/versions", schema), json -> RegistryJson.integer(json, "id"));
    }

    /** Looks a schema up under a subject, without registering it. */
    public RegistryAnswer<RegisteredSchema> lookUp(String subject, Schema schema) throws InterruptedException {
        return http.ask(post("/subjects/" + encoded(subject), schema), RegistryClient::registered);
    }

    /** Whether a schema may follow the latest of its subject. Missing if the subject has none. */
    public RegistryAnswer<Compatibility> check(String subject, Schema schema) throws InterruptedException {
        Request request = post("/compatibility/subjects/" + encoded(subject) + "/versions/latest?verbose=true", schema);
        return http.ask(
                request,
                json -> json instanceof Map<?, ?> map && map.get("is_compatible") instanceof Boolean isCompatible
                        ? Optional.of(new Compatibility(
                                isCompatible,
                                RegistryJson.list(json, "messages").stream()
                                        .map(String::valueOf)
                                        .toList()))
                        : Optional.empty());
    }

    /** All subjects. */
    public RegistryAnswer<List<String>> subjects() throws InterruptedException {
        return http.ask(get("/subjects"), json -> elements(json, String.class));
    }

    /** The versions of a subject, ascending. */
    public RegistryAnswer<List<Integer>> versions(String subject) throws InterruptedException {
        return http.ask(get("/subjects/" + encoded(subject) + "/versions"), json -> elements(json, Integer.class));
    }

    /** The latest version of a subject. */
    public RegistryAnswer<RegisteredSchema> latest(String subject) throws InterruptedException {
        return http.ask(get("/subjects/" + encoded(subject) + "/versions/latest"), RegistryClient::registered);
    }

    private static Request get(String path) {
        return new Request(path, Optional.empty(), false);
    }

    private static Request post(String path, Schema schema) {
        return new Request(path, Optional.of(RegistryJson.schemaBody(RegistryJson.portable(schema))), false);
    }

    private static Optional<RegisteredSchema> registered(@Nullable Object json) {
        Optional<String> subject = RegistryJson.text(json, "subject");
        Optional<Integer> id = RegistryJson.integer(json, "id");
        Optional<Integer> version = RegistryJson.integer(json, "version");
        Optional<String> schema = RegistryJson.text(json, "schema");
        if (subject.isEmpty() || id.isEmpty() || version.isEmpty() || schema.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new RegisteredSchema(
                subject.get(),
                id.get(),
                version.get(),
                schema.get(),
                RegistryJson.text(json, "schemaType").orElse(AVRO)));
    }

    private static <T> Optional<List<T>> elements(@Nullable Object json, Class<T> type) {
        return json instanceof List<?> list && list.stream().allMatch(type::isInstance)
                ? Optional.of(list.stream().<T>map(type::cast).toList())
                : Optional.empty();
    }

    /** One segment of a path: a subject may have slashes, blanks, anything. */
    private static String encoded(String subject) {
        return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
