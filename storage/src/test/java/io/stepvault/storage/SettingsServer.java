package io.stepvault.storage;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A bucket that has settings and nothing else, as S3 keeps them: what is put comes back to the letter. The embedded S3
 * server has no lifecycle rules.
 */
final class SettingsServer implements AutoCloseable {
    private static final String MINIMUM_SIZE = "x-amz-transition-default-minimum-object-size";

    private final HttpServer server;
    private final Map<String, String> settings = new ConcurrentHashMap<>();
    private final Map<String, String> minimumSizes = new ConcurrentHashMap<>();
    private volatile boolean knowsSettings = true;

    SettingsServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    /** A store's URI in that bucket. */
    URI uri(String prefix) {
        return URI.create("s3://captures/" + prefix + "?endpoint=http://127.0.0.1:"
                + server.getAddress().getPort());
    }

    /** Answers 501 from now on. */
    void forgetSettings() {
        knowsSettings = false;
    }

    /** What was put last as {@code lifecycle} or {@code versioning}. */
    Optional<String> setting(String name) {
        return Optional.ofNullable(settings.get(name));
    }

    void putLifecycle(String xml, String minimumSize) {
        settings.put("lifecycle", xml);
        minimumSizes.put("lifecycle", minimumSize);
    }

    Optional<String> minimumSize() {
        return Optional.ofNullable(minimumSizes.get("lifecycle"));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String query = exchange.getRequestURI().getRawQuery();
            String name = query == null ? "" : query.replaceAll("[=&].*", "");
            if (!name.equals("lifecycle") && !name.equals("versioning")) {
                send(exchange, 404, error("NoSuchKey"));
            } else if (!knowsSettings) {
                send(exchange, 501, error("NotImplemented"));
            } else {
                setting(exchange, name, body);
            }
        }
    }

    private void setting(HttpExchange exchange, String name, String body) throws IOException {
        switch (exchange.getRequestMethod()) {
            case "PUT" -> {
                settings.put(name, body);
                String minimum = exchange.getRequestHeaders().getFirst(MINIMUM_SIZE);
                minimumSizes.put(name, minimum == null ? "all_storage_classes_128K" : minimum);
                send(exchange, 200, "");
            }
            case "DELETE" -> {
                settings.remove(name);
                send(exchange, 204, "");
            }
            default -> {
                String minimum = minimumSizes.get(name);
                if (minimum != null) {
                    exchange.getResponseHeaders().add(MINIMUM_SIZE, minimum);
                }
                String xml = settings.get(name);
                if (xml != null) {
                    send(exchange, 200, xml);
                } else if (name.equals("lifecycle")) {
                    send(exchange, 404, error("NoSuchLifecycleConfiguration"));
                } else {
                    send(exchange, 200, "<VersioningConfiguration/>");
                }
            }
        }
    }

    private static String error(String code) {
        return "<Error><Code>" + code + "</Code><Message>m</Message></Error>";
    }

    private static void send(HttpExchange exchange, int status, String xml) throws IOException {
        byte[] body = xml.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/xml");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
