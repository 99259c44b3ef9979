package io.stepvault.storage.s3.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server of 127.0.0.1 whose certificate only those trust who are told to. */
class WireTlsIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final char[] PASSWORD = "password".toCharArray();

    @SuppressWarnings("NullAway.Init") // made before all tests
    private static SSLContext serverSide;

    @SuppressWarnings("NullAway.Init") // made before all tests
    private static SSLContext trusting;

    @BeforeAll
    static void makeCertificate(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "s3",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=s3",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        "password")
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        serverSide = SSLContext.getInstance("TLS");
        serverSide.init(own.getKeyManagers(), null, null);
        KeyStore certificates = KeyStore.getInstance("PKCS12");
        certificates.load(null, null);
        certificates.setCertificateEntry("s3", keys.getCertificate("s3"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(certificates);
        trusting = SSLContext.getInstance("TLS");
        trusting.init(null, trust.getTrustManagers(), null);
    }

    private static Wire wire(SSLContext ssl, Function<String, Optional<Proxy>> proxy) {
        return new Wire(new WireOptions(4, Duration.ofSeconds(30), LONG, ssl, proxy));
    }

    private static Wire.Request request(HttpHost server) {
        return new Wire.Request(server, "HEAD", "/bucket/key", Map.of("host", "a"), null);
    }

    private static ServerSocketFactory tls() {
        return serverSide.getServerSocketFactory();
    }

    @Test
    void trustsWhomItIsToldTo() throws IOException {
        try (ScriptedServer server = new ScriptedServer(tls(), ScriptedServer.Connection::answerAll);
                Wire wire = wire(trusting, host -> Optional.empty())) {
            assertThat(wire.send(request(server.host("https")), LONG).status()).isEqualTo(200);
        }
    }

    @Test
    void trustsNobodyElse() throws IOException, GeneralSecurityException {
        try (ScriptedServer server = new ScriptedServer(tls(), ScriptedServer.Connection::answerAll);
                Wire wire = wire(SSLContext.getDefault(), host -> Optional.empty())) {
            assertThatThrownBy(() -> wire.send(request(server.host("https")), LONG))
                    .isInstanceOf(SSLException.class);
        }
    }

    /** The certificate is for an address, and this is a name of the same machine. */
    @Test
    void checksTheServersName() throws IOException {
        try (ScriptedServer server = new ScriptedServer(tls(), ScriptedServer.Connection::answerAll);
                Wire wire = wire(trusting, host -> Optional.empty())) {
            HttpHost byName =
                    new HttpHost("https", "localhost", server.host("https").getPort());

            assertThatThrownBy(() -> wire.send(request(byName), LONG)).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void takesUpItsSessionAgain() throws IOException {
        List<String> sessions = Collections.synchronizedList(new ArrayList<>());
        try (ScriptedServer server = new ScriptedServer(tls(), connection -> {
                    SSLSocket socket = (SSLSocket) connection.socket();
                    socket.setEnabledProtocols(new String[] {"TLSv1.2"}); // where the session's id shows it
                    connection.head();
                    sessions.add(HexFormat.of().formatHex(socket.getSession().getId()));
                    connection.say("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                });
                Wire wire = wire(trusting, host -> Optional.empty())) {
            wire.send(request(server.host("https")), LONG);
            wire.send(request(server.host("https")), LONG);

            assertThat(server.connections()).isEqualTo(2);
            assertThat(sessions.get(1)).isNotEmpty().isEqualTo(sessions.get(0));
        }
    }

    @Test
    void tunnelsThroughAProxyThatCannotReadIt() throws IOException {
        try (ScriptedServer server = new ScriptedServer(tls(), ScriptedServer.Connection::answerAll);
                ScriptedServer proxy = new ScriptedServer(connection -> {
                    connection.head();
                    try (Socket onward = new Socket(
                            InetAddress.getLoopbackAddress(),
                            server.host("https").getPort())) {
                        connection.say("HTTP/1.1 200 Connection established\r\n\r\n");
                        Thread back = new Thread(() -> copy(onward, connection.socket()), "scripted-tunnel");
                        back.setDaemon(true);
                        back.start();
                        copy(connection.socket(), onward);
                    }
                });
                Wire wire =
                        wire(trusting, host -> Optional.of(new Proxy(proxy.host("http"), Optional.of("me:secret"))))) {
            assertThat(wire.send(request(server.host("https")), LONG).status()).isEqualTo(200);
            assertThat(wire.send(request(server.host("https")), LONG).status()).isEqualTo(200);

            assertThat(proxy.connections()).isEqualTo(1);
            assertThat(proxy.received().get(0))
                    .startsWith("CONNECT 127.0.0.1:" + server.host("https").getPort())
                    .contains("Proxy-Authorization: Basic bWU6c2VjcmV0");
            assertThat(server.received())
                    .hasSize(2)
                    .allSatisfy(head -> assertThat(head)
                            .startsWith("HEAD /bucket/key HTTP/1.1\r\n")
                            .doesNotContain("Proxy-Authorization"));
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] part = new byte[8 << 10];
            for (int length = in.read(part); length >= 0; length = in.read(part)) {
                out.write(part, 0, length);
                out.flush();
            }
        } catch (IOException e) {
            // One side has hung up.
        }
    }
}
