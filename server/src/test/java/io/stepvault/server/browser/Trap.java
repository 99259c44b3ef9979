package io.stepvault.server.browser;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that a hostile page wants to reach, and that writes down whoever comes. Safe for any thread. */
final class Trap implements AutoCloseable {
    private final HttpServer server;
    private final List<String> caught = new CopyOnWriteArrayList<>();

    Trap() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            caught.add(exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    /** Serves a page as it is, without any protection, under {@code /unprotected}. */
    void serve(String html) {
        server.createContext("/unprotected", exchange -> {
            byte[] page = html.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
    }

    String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /** Paths that were asked for. */
    List<String> caught() {
        return List.copyOf(caught);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
