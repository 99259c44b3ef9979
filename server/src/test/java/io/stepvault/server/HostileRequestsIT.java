package io.stepvault.server;

import static io.stepvault.capture.testing.StepBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no decent client sends, byte by byte. */
class HostileRequestsIT {
    @SuppressWarnings("NullAway.Init") // set before each test
    private Served served;

    @BeforeEach
    void start() throws IOException {
        served = Served.start();
        served.store(aStep().inSession("s").withId("a").withHtml("<p>").build());
    }

    @AfterEach
    void stop() {
        served.close();
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    private String get(String target, String... headers) throws IOException {
        return served.raw("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                + String.join("", headers) + "\r\n");
    }

    /** Whatever is refused is refused in our words, and tells nothing of the server. */
    private static void refused(String answer, int status) {
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        assertThat(answer)
                .contains("Content-Type: application/problem+json", "\"status\":" + status, "nosniff", "no-store")
                .doesNotContain("Jetty", "jetty", "<html", "Exception", "\tat ");
    }

    @Test
    void answersDecentRequests() throws IOException {
        assertThat(get("/api/v1/sessions")).startsWith("HTTP/1.1 200 ").doesNotContain("Server:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/%2e%2e/sessions",
                "/api/v1/.%2e/sessions",
                "/api/v1/sessions/..",
                "/api/v1/sessions/.",
                "/api/v1/sessions/..%2F..%2F",
                "/api/v1/sessions/a%2fb",
                "/api/v1/sessions/%5c",
                "/api/v1/sessions/a%00b",
                "/api/v1//sessions",
                "//api/v1/sessions",
                "/api/v1/sessions/%ff",
                "/api/v1/sessions/%c0%ae",
                "/api/v1/sessions/%u0041",
                "/api/v1/sessions/%",
                "/api/v1/sessions/%zz",
                "/api/v1/sessions/s#x",
                "/api/v1/sessions?prefix=%ff",
                "api/v1/sessions",
                "/api/v1/sessions/\u0001"
            })
    void refusesAmbiguousAddresses(String target) throws IOException {
        refused(get(target), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../../../../etc/passwd",
                "/..%2f..%2fpackage-info.class",
                "/%2e%2e/files/StaticFiles.class",
                "/..;/files/StaticFiles.class"
            })
    void doesNotServeFilesOutsideTheViewer(String target) throws IOException {
        assertThat(get(target)).startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/../v1/sessions",
                "/api/v1/./sessions",
                "/index.html/",
                "/StaticFiles.class",
                "/.hidden",
                "/vendor",
                "/index.html;x=1",
                "/api/openapi.yaml",
                "/api/v1/status/",
                "/api/v1/status;x=1",
                "/API/V1/status"
            })
    void servesNothingElse(String target) throws IOException {
        refused(get(target), 404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"evil.example.org|403", "127.0.0.1.evil.example.org|403", "127.0.0.1:80:80|400", "a b|400"})
    void refusesOtherHosts(String host, int status) throws IOException {
        refused(served.raw("GET /api/v1/status HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"), status);
    }

    @Test
    void refusesRequestsWithoutAHostOrWithTwo() throws IOException {
        refused(served.raw("GET /api/v1/status HTTP/1.1\r\nConnection: close\r\n\r\n"), 400);
        refused(get("/api/v1/status", "Host: evil.example.org\r\n"), 400);
        assertThat(served.raw("GET /api/v1/status HTTP/1.0\r\n\r\n")).contains(" 403 ");
    }

    @Test
    void takesTheHostOfAnAbsoluteAddressForNoBetter() throws IOException {
        assertThat(get("http://127.0.0.1/api/v1/status")).startsWith("HTTP/1.1 200 ");
        assertThat(get("http://evil.example.org/api/v1/status")).startsWith("HTTP/1.1 400 ");
        refused(
                served.raw(lines(
                        "GET http://evil.example.org/api/v1/status HTTP/1.1",
                        "Host: evil.example.org",
                        "Connection: close")),
                403);
        assertThat(get("http://user:secret@127.0.0.1/api/v1/status")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void refusesPagesOfOthers() throws IOException {
        refused(get("/api/v1/status", "Origin: http://evil.example.org\r\n"), 403);
        refused(get("/api/v1/status", "Origin: null\r\n"), 403);
        refused(get("/api/v1/status", "Sec-Fetch-Site: cross-site\r\n"), 403);
        assertThat(get("/api/v1/status", "Origin: http://127.0.0.1\r\n", "Sec-Fetch-Site: same-origin\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void refusesBodies() throws IOException {
        refused(get("/api/v1/status", "Content-Length: 3\r\n\r\nabc"), 413);
        refused(get("/api/v1/status", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"), 413);
        refused(
                served.raw(lines(
                        "POST /api/v1/login HTTP/1.1",
                        "Host: 127.0.0.1",
                        "Connection: close",
                        "Content-Length: 1000000",
                        "Expect: 100-continue")),
                413);
        refused(get("/api/v1/status", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"), 400);
        refused(get("/api/v1/status", "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc"), 400);
    }

    @Test
    void refusesLongHeads() throws IOException {
        refused(get("/api/v1/sessions?prefix=" + "x".repeat(20_000)), 414);
        refused(get("/api/v1/status", "X-Long: " + "x".repeat(20_000) + "\r\n"), 431);
        assertThat(get("/api/v1/status", "X-Long: " + "x".repeat(10_000) + "\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"OPTIONS", "TRACE", "PUT", "PATCH", "CONNECT", "BREW"})
    void refusesOtherMethods(String method) throws IOException {
        String answer = served.raw(method
                + " /api/v1/status HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nCookie: secret=1\r\n\r\n");

        assertThat(answer).matches("(?s)HTTP/1.1 (405|400) .*").doesNotContain("secret=1");
    }

    @Test
    void refusesWhatIsNoHttp() throws IOException {
        assertThat(served.raw("\u0016\u0003\u0001 hello\r\n\r\n"))
                .contains(" 400 ")
                .doesNotContain("etty");
        assertThat(served.raw("GET /api/v1/status\r\n\r\n")).doesNotContain("stepvault", "etty");
        assertThat(served.raw("GET /api/v1/status HTTP/3.0\r\nHost: 127.0.0.1\r\n\r\n"))
                .contains(" 505 ")
                .doesNotContain("etty");
    }
}
