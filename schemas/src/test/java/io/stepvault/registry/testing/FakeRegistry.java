package io.stepvault.registry.testing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.jspecify.annotations.Nullable;

/**
 * A schema registry on loopback that keeps all in memory, demands backward compatibility, and fails as it is told to. It
 * can be stopped and started again on the same port, with what it knows. Safe for any thread.
 */
public final class FakeRegistry implements AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();

    /** Ids of real registries have gaps too. */
    private static final int ID_STEP = 3;

    private final Map<String, List<Integer>> subjects = new TreeMap<>();
    private final Map<Integer, String> schemas = new TreeMap<>();
    private final Deque<Scripted> script = new ArrayDeque<>();
    private final List<String> requests = new ArrayList<>();
    private final Optional<SSLContext> tls;
    private Optional<String> authorization = Optional.empty();
    private int nextId = 1;
    private int port;
    private @Nullable HttpServer server;
    private @Nullable ExecutorService threads;

    private record Scripted(int status, String body, Map<String, String> headers) {}

    private FakeRegistry(Optional<SSLContext> tls) {
        this.tls = tls;
        start();
    }

    /** One that has just been started, and knows nothing. */
    public static FakeRegistry started() {
        return new FakeRegistry(Optional.empty());
    }

    /** One that speaks TLS. */
    public static FakeRegistry started(SSLContext tls) {
        return new FakeRegistry(Optional.of(tls));
    }

    /** Where it is. */
    public synchronized String url() {
        return (tls.isPresent() ? "https" : "http") + "://127.0.0.1:" + port;
    }

    /** Starts it again on its port. */
    public synchronized void start() {
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            HttpServer created;
            if (tls.isPresent()) {
                HttpsServer https = HttpsServer.create(address, 0);
                https.setHttpsConfigurator(new HttpsConfigurator(tls.get()));
                created = https;
            } else {
                created = HttpServer.create(address, 0);
            }
            port = created.getAddress().getPort();
            threads = Executors.newCachedThreadPool();
            created.setExecutor(threads);
            created.createContext("/", this::handle);
            created.start();
            server = created;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops it: nobody listens any more. */
    public void stop() {
        HttpServer stopped;
        synchronized (this) {
            stopped = server;
            server = null;
        }
        if (stopped != null) {
            stopped.stop(0);
        }
        if (threads != null) {
            threads.shutdownNow();
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** From now on only requests with this header are served. */
    public synchronized void demandAuthorization(String header) {
        authorization = Optional.of(header);
    }

    /** The next requests are answered so, one after the other. */
    public synchronized void answerNext(int times, int status, String body) {
        answerNext(times, status, body, Map.of());
    }

    /** The next requests are answered so, one after the other. */
    public synchronized void answerNext(int times, int status, String body, Map<String, String> headers) {
        for (int i = 0; i < times; i++) {
            script.add(new Scripted(status, body, headers));
        }
    }

    /** What was asked, such as {@code GET /subjects}, with the path as it was sent. */
    public synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    /** Puts a schema under an id, under no subject. */
    public synchronized void put(int id, String schema) {
        schemas.put(id, schema);
    }

    /** Registers a schema whatever stands against it; gives its id. */
    public synchronized int register(String subject, String schema) {
        int id = schemas.entrySet().stream()
                .filter(entry -> entry.getValue().equals(schema))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(nextId);
        if (id == nextId) {
            nextId += ID_STEP;
            schemas.put(id, schema);
        }
        List<Integer> versions = subjects.computeIfAbsent(subject, key -> new ArrayList<>());
        if (!versions.contains(id)) {
            versions.add(id);
        }
        return id;
    }

    /** What is registered under a subject, as text. */
    public synchronized List<String> schemasOf(String subject) {
        return subjects.getOrDefault(subject, List.of()).stream()
                .map(id -> String.valueOf(schemas.get(id)))
                .toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Scripted answer = answer(exchange, new String(body, StandardCharsets.UTF_8));
            answer.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
        }
    }

    private synchronized Scripted answer(HttpExchange exchange, String body) {
        String path = exchange.getRequestURI().getRawPath();
        requests.add(exchange.getRequestMethod() + " " + path);
        if (!script.isEmpty()) {
            return script.removeFirst();
        }
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        if (authorization.isPresent() && !authorization.get().equals(given)) {
            return new Scripted(401, "", Map.of());
        }
        String[] parts = path.split("/");
        String resource = parts.length > 1 ? parts[1] : "";
        return switch (resource) {
            case "schemas" -> schema(Integer.parseInt(parts[3]));
            case "subjects" ->
                parts.length == 2
                        ? json(200, out -> {
                            out.writeStartArray();
                            for (String subject : subjects.keySet()) {
                                out.writeString(subject);
                            }
                            out.writeEndArray();
                        })
                        : subject(exchange.getRequestMethod(), parts, body);
            case "compatibility" -> compatibility(decoded(parts[3]), body);
            default -> error(404, 404, "HTTP 404 Not Found");
        };
    }

    private Scripted schema(int id) {
        String schema = schemas.get(id);
        return schema == null
                ? error(404, 40403, "Schema " + id + " not found")
                : json(200, out -> {
                    out.writeStartObject();
                    out.writeStringField("schema", schema);
                    out.writeEndObject();
                });
    }

    private Scripted subject(String method, String[] parts, String body) {
        String subject = decoded(parts[2]);
        List<Integer> versions = subjects.getOrDefault(subject, List.of());
        boolean isPost = method.equals("POST");
        if (isPost && parts.length == 4) {
            return registration(subject, schemaIn(body));
        }
        if (versions.isEmpty()) {
            return error(404, 40401, "Subject '" + subject + "' not found.");
        }
        if (isPost) {
            String schema = schemaIn(body);
            return versions.stream()
                    .filter(id -> schema.equals(schemas.get(id)))
                    .findFirst()
                    .map(id -> version(subject, versions.indexOf(id) + 1))
                    .orElseGet(() -> error(404, 40403, "Schema not found"));
        }
        if (parts.length == 4) {
            return json(200, out -> {
                out.writeStartArray();
                for (int i = 1; i <= versions.size(); i++) {
                    out.writeNumber(i);
                }
                out.writeEndArray();
            });
        }
        return version(subject, parts[4].equals("latest") ? versions.size() : Integer.parseInt(parts[4]));
    }

    private Scripted version(String subject, int version) {
        int id = subjects.getOrDefault(subject, List.of()).get(version - 1);
        return json(200, out -> {
            out.writeStartObject();
            out.writeStringField("subject", subject);
            out.writeNumberField("version", version);
            out.writeNumberField("id", id);
            out.writeStringField("schema", String.valueOf(schemas.get(id)));
            out.writeEndObject();
        });
    }

    private Scripted registration(String subject, String schema) {
        try {
            new Schema.Parser().parse(schema);
        } catch (RuntimeException e) {
            return error(422, 42201, "Either the input schema or one its references is invalid");
        }
        boolean isThere = schemasOf(subject).contains(schema);
        if (!isThere && !isCompatible(subject, schema)) {
            return error(409, 409, "Schema being registered is incompatible with an earlier schema");
        }
        int id = register(subject, schema);
        return json(200, out -> {
            out.writeStartObject();
            out.writeNumberField("id", id);
            out.writeEndObject();
        });
    }

    private Scripted compatibility(String subject, String body) {
        if (schemasOf(subject).isEmpty()) {
            return error(404, 40401, "Subject '" + subject + "' not found.");
        }
        boolean isCompatible = isCompatible(subject, schemaIn(body));
        return json(200, out -> {
            out.writeStartObject();
            out.writeBooleanField("is_compatible", isCompatible);
            if (!isCompatible) {
                out.writeArrayFieldStart("messages");
                out.writeString("READER_FIELD_MISSING_DEFAULT_VALUE");
                out.writeEndArray();
            }
            out.writeEndObject();
        });
    }

    private boolean isCompatible(String subject, String schema) {
        List<String> versions = schemasOf(subject);
        return versions.isEmpty()
                || SchemaCompatibility.checkReaderWriterCompatibility(
                                        new Schema.Parser().parse(schema),
                                        new Schema.Parser().parse(versions.get(versions.size() - 1)))
                                .getType()
                        == SchemaCompatibility.SchemaCompatibilityType.COMPATIBLE;
    }

    private static Scripted error(int status, int code, String message) {
        return json(status, out -> {
            out.writeStartObject();
            out.writeNumberField("error_code", code);
            out.writeStringField("message", message);
            out.writeEndObject();
        });
    }

    private interface Writing {
        void to(JsonGenerator out) throws IOException;
    }

    private static Scripted json(int status, Writing writing) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Scripted(status, text.toString(), Map.of("Content-Type", "application/vnd.schemaregistry.v1+json"));
    }

    private static String schemaIn(String body) {
        try (JsonParser json = JSON.createParser(body)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.FIELD_NAME && "schema".equals(json.currentName())) {
                    return json.nextTextValue();
                }
            }
            throw new IllegalArgumentException("the request has no schema");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part, StandardCharsets.UTF_8);
    }
}
