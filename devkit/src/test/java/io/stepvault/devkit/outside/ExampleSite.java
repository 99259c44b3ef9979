package io.stepvault.devkit.outside;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The site that the examples crawl, served on loopback. */
final class ExampleSite implements AutoCloseable {
    static final Path EXAMPLES = Path.of("..", "examples");
    private static final Map<String, String> TYPES = Map.of("html", "text/html; charset=utf-8", "css", "text/css");

    private final HttpServer server;

    ExampleSite() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            Path file = EXAMPLES.resolve("site")
                    .resolve(Path.of(exchange.getRequestURI().getPath())
                            .getFileName()
                            .toString());
            try (exchange) {
                if (!Files.isRegularFile(file)) {
                    exchange.sendResponseHeaders(404, -1);
                    return;
                }
                byte[] content = Files.readAllBytes(file);
                String extension = file.toString().replaceAll(".*\\.", "");
                exchange.getResponseHeaders().set("Content-Type", TYPES.getOrDefault(extension, "text/plain"));
                exchange.sendResponseHeaders(200, content.length);
                exchange.getResponseBody().write(content);
            }
        });
        server.start();
    }

    URI page(String name) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + name);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
