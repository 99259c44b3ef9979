package io.stepvault.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkerHttpServerTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile List<String> notReady = List.of();

    @SuppressWarnings("NullAway.Init") // set before each test
    private WorkerHttpServer server;

    @BeforeEach
    void start() throws IOException {
        Health health = new Health() {
            @Override
            public List<String> whyNotLive() {
                return List.of();
            }

            @Override
            public List<String> whyNotReady() {
                return notReady;
            }
        };
        server = WorkerHttpServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                health,
                () -> "stepvault_commits_total 1\n");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void saysWhetherItIsReadyAndWhyNot() throws Exception {
        assertThat(send("GET", "/health/ready").statusCode()).isEqualTo(200);

        notReady = List.of("topic step-captures does not exist", "store fails");

        assertThat(send("GET", "/health/ready").statusCode()).isEqualTo(503);
        assertThat(send("GET", "/health/ready").body()).isEqualTo("topic step-captures does not exist\nstore fails\n");
        assertThat(send("GET", "/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void servesMetrics() throws Exception {
        HttpResponse<String> metrics = send("GET", "/metrics");

        assertThat(metrics.body()).isEqualTo("stepvault_commits_total 1\n");
        assertThat(metrics.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
    }

    @Test
    void answersNothingElse() throws Exception {
        assertThat(send("GET", "/").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/metrics/x").statusCode()).isEqualTo(404);
        assertThat(send("POST", "/metrics").statusCode()).isEqualTo(405);
        assertThat(send("HEAD", "/metrics").body()).isEmpty();
    }
}
