package io.stepvault.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.ObjectStepStore;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.storage.StoreOutcome;
import io.stepvault.storage.memory.InMemoryObjectStore;
import io.stepvault.storage.retry.RetryOptions;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A server over a store in memory, and a client for it. */
public final class Served implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final InMemoryObjectStore objects = new InMemoryObjectStore();
    private final StepStore store;
    private final ReadServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    private Served(StepStore store, ReadServerOptions options) throws IOException {
        this.store = store;
        this.server = ReadServer.start(store, options);
    }

    private Served(ReadServerOptions options) throws IOException {
        RetryOptions quick = RetryOptions.defaults().withIntervals(Duration.ofMillis(1), Duration.ofMillis(2));
        this.store = new ObjectStepStore(objects, "", StoreOptions.defaults().withRetry(quick));
        this.server = ReadServer.start(store, options);
    }

    /** For this machine, on any port, without a token. */
    public static Served start() throws IOException {
        return start(ReadServerOptions.onLoopback(0));
    }

    public static Served start(ReadServerOptions options) throws IOException {
        return new Served(options);
    }

    /** Over another store. */
    public static Served start(StepStore store, ReadServerOptions options) throws IOException {
        return new Served(store, options);
    }

    /** Where the steps' objects are. */
    public InMemoryObjectStore objects() {
        return objects;
    }

    public StepStore store() {
        return store;
    }

    public URI uri() {
        return server.uri();
    }

    public void store(StepCapture... captures) {
        for (StoreOutcome outcome : store.store(List.of(captures))) {
            if (outcome instanceof StoreOutcome.Failed failed) {
                throw failed.cause();
            }
        }
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.uri().toString() + path.substring(1)));
    }

    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body) throws IOException {
        try {
            return client.send(request, body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** A GET; headers are names and values in turn. */
    public HttpResponse<byte[]> get(String path, String... headers) throws IOException {
        HttpRequest.Builder request = request(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    public HttpResponse<byte[]> method(String method, String path, String... headers) throws IOException {
        HttpRequest.Builder request = request(path).method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** The JSON under a path that is there. */
    public JsonNode json(String path) throws IOException {
        HttpResponse<byte[]> response = get(path);
        if (response.statusCode() != 200) {
            throw new IOException(path + " answers " + response.statusCode() + " " + text(response));
        }
        return json(response);
    }

    public static JsonNode json(HttpResponse<byte[]> response) throws IOException {
        return JSON.readTree(response.body());
    }

    public static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** Sends bytes as they are and reads what comes until the connection is closed. */
    public String raw(String request) throws IOException {
        try (Socket socket = new Socket(server.uri().getHost(), server.uri().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        server.close();
        store.close();
    }
}
