package io.stepvault.storage.s3.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WireIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private final Wire wire = wire(LONG, host -> Optional.empty());

    private static Wire wire(Duration idle, Function<String, Optional<Proxy>> proxy) {
        try {
            return new Wire(new WireOptions(4, Duration.ofSeconds(10), idle, SSLContext.getDefault(), proxy));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void close() {
        wire.close();
    }

    private static Wire.Request put(HttpHost server, byte @Nullable [] body) {
        return new Wire.Request(
                server, "PUT", "/bucket/key", Map.of("host", "a"), body == null ? null : ByteBuffer.wrap(body));
    }

    @Test
    void keepsItsConnection() throws IOException {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Connection::answerAll)) {
            for (int i = 0; i < 5; i++) {
                assertThat(wire.send(put(server.host("http"), new byte[0]), LONG)
                                .status())
                        .isEqualTo(200);
            }
            assertThat(server.connections()).isEqualTo(1);
            assertThat(server.received().get(0))
                    .startsWith("PUT /bucket/key HTTP/1.1\r\n")
                    .contains("Content-Length: 0");
        }
    }

    /** The bytes from position to limit, wherever they lie in the array, or without one. */
    @Test
    void sendsTheBytesOfTheBuffer() throws IOException {
        byte[][] bodies = new byte[2][];
        int[] next = {0};
        try (ScriptedServer server = new ScriptedServer(connection -> {
            while (connection.head().isPresent()) {
                bodies[next[0]++] = connection.body(5);
                connection.say(OK);
            }
        })) {
            ByteBuffer inArray = ByteBuffer.wrap("..hello..".getBytes(StandardCharsets.US_ASCII), 2, 5);
            ByteBuffer direct = ByteBuffer.allocateDirect(9);
            direct.put(2, "world".getBytes(StandardCharsets.US_ASCII))
                    .position(2)
                    .limit(7);
            for (ByteBuffer body : new ByteBuffer[] {inArray, direct}) {
                wire.send(new Wire.Request(server.host("http"), "PUT", "/k", Map.of("host", "a"), body), LONG);
            }
        }

        assertThat(new String(bodies[0], StandardCharsets.US_ASCII)).isEqualTo("hello");
        assertThat(new String(bodies[1], StandardCharsets.US_ASCII)).isEqualTo("world");
    }

    /** As all kept connections do when the server is started again. */
    @Test
    void sendsAgainWhenAKeptConnectionHasDied() throws IOException {
        try (ScriptedServer server = new ScriptedServer(connection -> {
            connection.head();
            connection.say(OK);
        })) {
            assertThat(wire.send(put(server.host("http"), null), LONG).status()).isEqualTo(200);
            assertThat(wire.send(put(server.host("http"), null), LONG).status()).isEqualTo(200);
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void doesNotSendAgainOnANewConnection() throws IOException {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Connection::head)) {
            assertThatThrownBy(() -> wire.send(put(server.host("http"), null), LONG))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(SocketTimeoutException.class);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void givesUpOnAServerThatFallsSilent() throws IOException {
        try (ScriptedServer server = new ScriptedServer(connection -> {
                    connection.head();
                    connection.head();
                });
                Wire hasty = wire(SHORT, host -> Optional.empty())) {
            assertThatThrownBy(() -> hasty.send(put(server.host("http"), null), LONG))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** No socket's timeout ends this: there is always another byte. */
    @Test
    void givesUpOnAServerThatAnswersForEver() throws IOException {
        try (ScriptedServer server = new ScriptedServer(connection -> {
            connection.head();
            connection.say("HTTP/1.1 200 OK\r\nX-Header: ");
            while (true) {
                connection.say("x");
                LockSupport.parkNanos(5_000_000);
            }
        })) {
            assertThatThrownBy(() -> wire.send(put(server.host("http"), null), SHORT))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("no answer within");
        }
    }

    @Test
    void givesUpOnAServerThatTakesNoBody() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(connection -> {
            connection.head();
            connection.say("HTTP/1.1 100 Continue\r\n\r\n");
            awaitUnchecked(over);
        })) {
            assertThatThrownBy(() -> wire.send(put(server.host("http"), new byte[32 << 20]), SHORT))
                    .isInstanceOf(SocketTimeoutException.class);
        } finally {
            over.countDown();
        }
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void asksBeforeItSendsALargeBody() throws IOException {
        int[] bytesSent = {-1};
        try (ScriptedServer server = new ScriptedServer(connection -> {
            connection.head();
            connection.say(
                    "HTTP/1.1 403 Forbidden\r\nDate: Tue, 03 Jun 2008 11:05:30 GMT\r\nContent-Length: 0\r\n\r\n");
            bytesSent[0] = connection.body(1).length;
        })) {
            Answer answer = wire.send(put(server.host("http"), new byte[1 << 20]), LONG);

            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.time()).contains(Instant.parse("2008-06-03T11:05:30Z"));
            assertThat(server.received().get(0)).containsIgnoringCase("Expect: 100-continue");
        }
        assertThat(bytesSent[0]).as("bytes of the body").isLessThanOrEqualTo(0);
    }

    @Test
    void sendsALargeBodyUnaskedIfTheServerNeverAsks() throws IOException {
        int[] length = {0};
        try (ScriptedServer server = new ScriptedServer(connection -> {
            connection.head();
            length[0] = connection.body(1 << 20).length;
            connection.say(OK);
        })) {
            assertThat(wire.send(put(server.host("http"), new byte[1 << 20]), LONG)
                            .status())
                    .isEqualTo(200);
        }
        assertThat(length[0]).isEqualTo(1 << 20);
    }

    @Test
    void readsWhatAnErrorSays() throws IOException {
        String document = "<?xml version=\"1.0\"?><Error><Code>SlowDown</Code><Message>m</Message></Error>";
        try (ScriptedServer server = new ScriptedServer(connection -> {
            while (connection.head().isPresent()) {
                connection.say("HTTP/1.1 503 Slow Down\r\nx-amz-request-id: 4711\r\nx-amz-bucket-region: eu-west-1\r\n"
                        + "Content-Length: " + document.length() + "\r\n\r\n" + document);
            }
        })) {
            assertThat(wire.send(put(server.host("http"), null), LONG))
                    .isEqualTo(new Answer(503, "SlowDown", Optional.of("eu-west-1"), Optional.empty(), "4711"));
            wire.send(put(server.host("http"), null), LONG);
            assertThat(server.connections()).as("kept after an error").isEqualTo(1);
        }
    }

    @Test
    void readsNoEndlessAnswer() throws IOException {
        try (ScriptedServer server = new ScriptedServer(connection -> {
            connection.head();
            connection.say("HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (true) {
                connection.say("400\r\n" + "x".repeat(1024) + "\r\n");
            }
        })) {
            assertThat(wire.send(put(server.host("http"), null), LONG).code()).isEmpty();
            wire.send(put(server.host("http"), null), LONG);
            assertThat(server.connections()).as("never used again").isEqualTo(2);
        }
    }

    @Test
    void callsWhatIsNotHttpBroken() throws IOException {
        try (ScriptedServer server = new ScriptedServer(connection -> {
            connection.head();
            connection.say("220 mail.example.org ESMTP\r\n\r\n");
        })) {
            assertThatThrownBy(() -> wire.send(put(server.host("http"), null), LONG))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void relaysThroughAProxy() throws IOException {
        try (ScriptedServer proxy = new ScriptedServer(ScriptedServer.Connection::answerAll);
                Wire relayed = wire(
                        LONG,
                        host -> host.equals("s3.invalid")
                                ? Optional.of(new Proxy(proxy.host("http"), Optional.of("me:secret")))
                                : Optional.empty())) {
            assertThat(relayed.send(put(new HttpHost("http", "s3.invalid", 80), null), LONG)
                            .status())
                    .isEqualTo(200);
            assertThat(proxy.received().get(0))
                    .startsWith("PUT http://s3.invalid:80/bucket/key HTTP/1.1\r\n")
                    .contains("Proxy-Authorization: Basic bWU6c2VjcmV0");
        }
    }

    @Test
    void saysThatTheProxyDoesNotConnect() throws IOException {
        try (ScriptedServer proxy = new ScriptedServer(connection -> {
                    connection.head();
                    connection.say("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
                });
                Wire tunnelled = wire(LONG, host -> Optional.of(new Proxy(proxy.host("http"), Optional.empty())))) {
            assertThatThrownBy(() -> tunnelled.send(put(new HttpHost("https", "s3.invalid", 443), null), LONG))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("407");
            assertThat(proxy.received().get(0)).startsWith("CONNECT s3.invalid:443 HTTP/1.1\r\n");
        }
    }
}
