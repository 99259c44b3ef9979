package io.stepvault.bench.stub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class StubServerIT {
    private final StubStore believing = new StubStore(Optional.empty());
    private final StubStore verifying = new StubStore(Optional.of(new SignatureCheck("key", "secret")));
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @SuppressWarnings("NullAway.Init") // set before each test
    private StubServer server;

    @BeforeEach
    void start() throws IOException {
        server = StubServer.http(believing);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void takesObjectsAndCountsThem() throws Exception {
        assertThat(send("PUT", "/b/k", "x".repeat(300_000)).statusCode()).isEqualTo(200);
        assertThat(send("PUT", "/b/empty", "").headers().firstValue("ETag")).isPresent();
        assertThat(send("DELETE", "/b/k", "").statusCode()).isEqualTo(204);

        assertThat(believing.counts()).isEqualTo(new StubCounts(2, 1, 300_000, 0, 0));
    }

    @Test
    void isAnEmptyBucket() throws Exception {
        assertThat(send("HEAD", "/b/k", "").statusCode()).isEqualTo(404);
        assertThat(send("HEAD", "/b", "").statusCode()).isEqualTo(200);
        HttpResponse<String> list = send("GET", "/b?list-type=2&prefix=a", "");
        assertThat(list.statusCode()).isEqualTo(200);
        assertThat(root(list)).isEqualTo("ListBucketResult");
        HttpResponse<String> object = send("GET", "/b/k", "");
        assertThat(object.statusCode()).isEqualTo(404);
        assertThat(object.body()).contains("NoSuchKey");
    }

    @Test
    void takesObjectsInParts() throws Exception {
        assertThat(root(send("POST", "/b/k%26?uploads", ""))).isEqualTo("InitiateMultipartUploadResult");
        assertThat(send("PUT", "/b/k%26?partNumber=1&uploadId=upload", "part").statusCode())
                .isEqualTo(200);
        assertThat(root(send("POST", "/b/k%26?uploadId=upload", "<CompleteMultipartUpload/>")))
                .isEqualTo("CompleteMultipartUploadResult");
    }

    @Test
    void lastsLongerThanItsLatencyWithAnAnswer() throws Exception {
        believing.setLatency(Duration.ofMillis(30));
        long begun = System.nanoTime();

        send("PUT", "/b/k", "x");

        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(30_000_000);
    }

    @Test
    void letsAClientGoOnThatWaitsForIt() throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.endpoint().getPort())) {
            OutputStream to = socket.getOutputStream();
            to.write(ascii("PUT /b/k HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"));
            assertThat(line(socket.getInputStream())).isEqualTo("HTTP/1.1 100 Continue");
            assertThat(line(socket.getInputStream())).isEmpty();
            to.write(ascii("hello"));

            assertThat(line(socket.getInputStream())).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void refusesAndCountsWhatIsNotSigned() throws Exception {
        try (StubServer strict = StubServer.http(verifying)) {
            HttpResponse<String> answer = send(strict, "PUT", "/b/k", "hello");

            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(verifying.counts().mistakes()).isEqualTo(1);
            assertThat(verifying.mistakes()).containsExactly("PUT /b/k: not signed in its headers");
        }
    }

    @Test
    void refusesAnotherContentThanAnnounced() throws Exception {
        byte[] head = ascii("PUT /b/k HTTP/1.1\r\nContent-Length: 5\r\nx-amz-checksum-crc32: AAAAAA==");
        RequestHead put = RequestHead.parse(head, 0, head.length);
        PayloadCheck check = new PayloadCheck(put);
        check.take(ascii("hello"), 0, 5);

        assertThat(check.isChecked()).isTrue();
        assertThat(check.mistake()).contains("another CRC32 than announced");
    }

    @Test
    void speaksTls(@TempDir Path directory) throws Exception {
        StubCertificate certificate = StubCertificate.make(directory.resolve("stub.p12"));
        try (StubServer tls = StubServer.https(believing, certificate)) {
            HttpClient trusting = HttpClient.newBuilder()
                    .sslContext(certificate.context())
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();
            HttpRequest request = HttpRequest.newBuilder(tls.endpoint().resolve("/b/k"))
                    .PUT(BodyPublishers.ofString("hello"))
                    .build();

            assertThat(trusting.send(request, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
            assertThat(believing.counts().payloadBytes()).isEqualTo(5);
        }
    }

    private HttpResponse<String> send(String method, String target, String body) throws Exception {
        return send(server, method, target, body);
    }

    private HttpResponse<String> send(StubServer to, String method, String target, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(to.endpoint() + target))
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static String root(HttpResponse<String> answer) throws Exception {
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(answer.body().getBytes(StandardCharsets.UTF_8)));
        return document.getDocumentElement().getTagName();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            line.append((char) octet);
        }
        return line.toString().strip();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
