package io.stepvault.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.s3.wire.ScriptedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** What the lean write path says to a server, and how it learns from the answer. */
class LeanObjectWriterIT {
    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private interface Answering {
        int status(HttpExchange exchange);
    }

    private final List<Headers> requests = Collections.synchronizedList(new ArrayList<>());
    private final HttpServer server;
    private volatile Answering answering = exchange -> 200;

    LeanObjectWriterIT() throws IOException {
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestHeaders());
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(answering.status(exchange), -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private S3ObjectStore store(AwsCredentials credentials) {
        return store(server.getAddress().getPort(), credentials);
    }

    private static S3ObjectStore store(int port, AwsCredentials credentials) {
        return S3ObjectStore.open(
                S3Location.parse(URI.create("s3://bucket?endpoint=http://127.0.0.1:" + port)),
                S3Options.defaults().withCredentials(StaticCredentialsProvider.create(credentials)),
                4);
    }

    private S3ObjectStore store() {
        return store(AwsBasicCredentials.create("key", "secret"));
    }

    private static PutRequest object(byte[] body) {
        return new PutRequest("a/key", "text/html; charset=utf-8", ByteBuffer.wrap(body), Map.of("Topic", "captures"));
    }

    @Test
    void saysAllThatThereIsToSayOfAnObject() {
        try (S3ObjectStore store = store(AwsSessionCredentials.create("key", "secret", "token"))) {
            store.put(new PutRequest(
                            "a/key.gz",
                            "text/html",
                            Optional.of("gzip"),
                            ByteBuffer.allocate(0),
                            Map.of("topic", "captures"),
                            Optional.empty()))
                    .join();
        }

        Headers headers = requests.get(0);
        assertThat(headers.getFirst("Content-type")).isEqualTo("text/html");
        assertThat(headers.getFirst("Content-encoding")).isEqualTo("gzip");
        assertThat(headers.getFirst("X-amz-meta-topic")).isEqualTo("captures");
        assertThat(headers.getFirst("X-amz-security-token")).isEqualTo("token");
        assertThat(headers.getFirst("X-amz-content-sha256")).isEqualTo(EMPTY);
        assertThat(headers.getFirst("Authorization"))
                .contains("SignedHeaders=content-encoding;content-type;host;x-amz-checksum-crc32;x-amz-content-sha256;"
                        + "x-amz-date;x-amz-meta-topic;x-amz-security-token,");
    }

    /** SHA-256 of "abc": FIPS 180-4, example. */
    @Test
    void signsTheBodyWithTheHashThatItIsGivenOrWithItsOwn() {
        String hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        try (S3ObjectStore store = store()) {
            store.put(object(new byte[] {'a', 'b', 'c'})).join();
            PutRequest given = object(new byte[] {'x'});
            store.put(new PutRequest(
                            given.key(),
                            given.contentType(),
                            given.contentEncoding(),
                            given.body(),
                            given.metadata(),
                            Optional.of(hash)))
                    .join();
        }

        assertThat(requests)
                .extracting(headers -> headers.getFirst("X-amz-content-sha256"))
                .containsExactly(hash, hash);
    }

    /** It takes what is signed at its own time, which is years ago. */
    @Test
    void asksAgainByTheServersClock() throws IOException {
        try (ScriptedServer old = new ScriptedServer(connection -> {
                    for (Optional<String> head = connection.head(); head.isPresent(); head = connection.head()) {
                        boolean inTime = head.get().contains("x-amz-date: 20080603T11");
                        connection.say("HTTP/1.1 " + (inTime ? "200 OK" : "403 Forbidden")
                                + "\r\nDate: Tue, 03 Jun 2008 11:05:30 GMT\r\nContent-Length: 0\r\n\r\n");
                    }
                });
                S3ObjectStore store = store(old.host("http").getPort(), AwsBasicCredentials.create("key", "secret"))) {
            store.put(object(new byte[0])).join();
            store.put(object(new byte[0])).join();
            assertThat(store.exists("a/key").join()).isTrue();

            assertThat(old.received()).as("one to learn from").hasSize(4);
        }
    }

    @Test
    void asksAgainInTheBucketsRegion() {
        answering = exchange -> {
            exchange.getResponseHeaders().set("x-amz-bucket-region", "eu-north-1");
            return exchange.getRequestHeaders().getFirst("Authorization").contains("/eu-north-1/s3/") ? 200 : 301;
        };
        try (S3ObjectStore store = store()) {
            store.put(object(new byte[10])).join();
            assertThat(store.exists("a/key").join()).isTrue();
        }

        assertThat(requests).hasSize(3);
    }

    @Test
    void doesNotGoRoundInCircles() {
        answering = exchange -> {
            String region =
                    exchange.getRequestHeaders().getFirst("Authorization").contains("/eu-north-1/")
                            ? "eu-south-1"
                            : "eu-north-1";
            exchange.getResponseHeaders().set("x-amz-bucket-region", region);
            return 301;
        };
        try (S3ObjectStore store = store()) {
            assertThatThrownBy(() -> store.put(object(new byte[10])).join())
                    .hasCauseInstanceOf(StoreAccessException.class)
                    .hasMessageContaining("301");
        }

        assertThat(requests).hasSize(2);
    }

    @Test
    void looksUp() {
        answering = exchange -> exchange.getRequestURI().getPath().endsWith("/there") ? 200 : 404;
        try (S3ObjectStore store = store()) {
            assertThat(store.exists("is/there").join()).isTrue();
            assertThat(store.exists("is/not").join()).isFalse();
            answering = exchange -> 403;
            assertThatThrownBy(() -> store.exists("is/there").join()).hasCauseInstanceOf(StoreAccessException.class);
        }
    }
}
