package io.stepvault.bench.sizes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What the worker's puts see of S3: takes objects, checks them against the checksum that they bring, and keeps nothing
 * but their sizes and checksums, so that gigabytes cost neither disk nor memory. It can be out of order. Safe for any
 * thread.
 */
final class DiscardingS3 implements AutoCloseable {
    private static final String BUCKET = "captures";
    private static final int THREADS = 64;

    /** What is left of an object. */
    record Content(long bytes, long crc32) {}

    private static final byte[] NOTHING = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult><Name>" + BUCKET
                    + "</Name><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>")
            .getBytes(StandardCharsets.UTF_8);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "discarding-s3");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Content> objects = new ConcurrentHashMap<>();
    private final List<String> mistakes = new CopyOnWriteArrayList<>();
    private volatile boolean down;

    private DiscardingS3(HttpServer server) {
        this.server = server;
    }

    static DiscardingS3 start() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
        DiscardingS3 s3 = new DiscardingS3(server);
        server.setExecutor(s3.threads);
        server.createContext("/", s3::answer);
        server.start();
        return s3;
    }

    /** For {@code store.uri}. */
    String uri() {
        return "s3://" + BUCKET + "/drill?endpoint=http://127.0.0.1:"
                + server.getAddress().getPort();
    }

    /** What was put under a URI of the store, or null. */
    @Nullable
    Content content(String uri) {
        return objects.get(uri.substring("s3://".length()));
    }

    /** Answers 503 to everything from now on, or no longer. */
    void setDown(boolean isDown) {
        down = isDown;
    }

    /** Everything that a client of S3 must not do: one line each. */
    List<String> mistakes() {
        return List.copyOf(mistakes);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String key = exchange.getRequestURI().getPath().substring(1);
            Content content = read(exchange.getRequestBody());
            if (down) {
                exchange.sendResponseHeaders(503, -1);
            } else if (exchange.getRequestMethod().equals("HEAD")) { // is there a tombstone?
                exchange.sendResponseHeaders(objects.containsKey(key) ? 200 : 404, -1);
            } else if (exchange.getRequestMethod().equals("GET")
                    && String.valueOf(exchange.getRequestURI().getQuery()).contains("list-type=2")) { // or a remover?
                exchange.getResponseHeaders().set("Content-Type", "application/xml");
                exchange.sendResponseHeaders(200, NOTHING.length);
                exchange.getResponseBody().write(NOTHING);
            } else if (!exchange.getRequestMethod().equals("PUT")) {
                mistakes.add("unexpected: " + exchange.getRequestMethod() + " " + key);
                exchange.sendResponseHeaders(501, -1);
            } else if (!base64(content.crc32)
                    .equals(exchange.getRequestHeaders().getFirst("x-amz-checksum-crc32"))) {
                mistakes.add("not the checksum that was announced: " + key);
                exchange.sendResponseHeaders(400, -1);
            } else {
                Content before = objects.put(key, content);
                if (before != null && !before.equals(content)) {
                    mistakes.add("overwritten with other content: " + key);
                }
                exchange.sendResponseHeaders(200, -1);
            }
        }
    }

    private static Content read(InputStream body) throws IOException {
        CRC32 crc = new CRC32();
        long bytes = 0;
        byte[] part = new byte[64 << 10];
        for (int length = body.read(part); length >= 0; length = body.read(part)) {
            crc.update(part, 0, length);
            bytes += length;
        }
        return new Content(bytes, crc.getValue());
    }

    private static String base64(long crc32) {
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(Integer.BYTES).putInt((int) crc32).array());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }
}
