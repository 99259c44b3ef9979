package io.stepvault.worker.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Serves {@code /health/live}, {@code /health/ready} and {@code /metrics}. It tells nothing that is secret and takes
 * nothing in, so it may be bound to any address.
 */
public final class WorkerHttpServer implements AutoCloseable {
    private static final int BACKLOG = 64;

    private final HttpServer server;
    private final ExecutorService threads;

    private WorkerHttpServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Starts to serve.
     *
     * @param address where; port 0 takes any free port
     * @param metrics what {@code /metrics} answers, in Prometheus' text format
     * @throws IOException if the address cannot be bound
     */
    public static WorkerHttpServer start(InetSocketAddress address, Health health, Supplier<String> metrics)
            throws IOException {
        HttpServer server = HttpServer.create(address, BACKLOG);
        ExecutorService threads = Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(task, "stepvault-http");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/health/live", get(exchange -> answer(exchange, health.whyNotLive())));
        server.createContext("/health/ready", get(exchange -> answer(exchange, health.whyNotReady())));
        server.createContext(
                "/metrics",
                get(exchange -> send(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.get())));
        server.createContext("/", exchange -> send(exchange, 404, "text/plain; charset=utf-8", "not found\n"));
        server.start();
        return new WorkerHttpServer(server, threads);
    }

    /** The port it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static HttpHandler get(HttpHandler handler) {
        return exchange -> {
            String path = exchange.getRequestURI().getPath();
            if (!path.equals(exchange.getHttpContext().getPath())) {
                send(exchange, 404, "text/plain; charset=utf-8", "not found\n");
            } else if (exchange.getRequestMethod().equals("GET")
                    || exchange.getRequestMethod().equals("HEAD")) {
                handler.handle(exchange);
            } else {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                send(exchange, 405, "text/plain; charset=utf-8", "only GET and HEAD are answered here\n");
            }
        };
    }

    private static void answer(HttpExchange exchange, List<String> problems) throws IOException {
        String text = problems.isEmpty() ? "ok\n" : String.join("\n", problems) + "\n";
        send(exchange, problems.isEmpty() ? 200 : 503, "text/plain; charset=utf-8", text);
    }

    private static void send(HttpExchange exchange, int status, String contentType, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        try (exchange) {
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(status, -1);
            } else {
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }
}
