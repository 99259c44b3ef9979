package io.stepvault.server;

import static io.stepvault.capture.testing.StepBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.server.guard.BearerToken;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SignInIT {
    private static final String TOKEN = "0123456789abcdef";
    private static final String PAGE = "/api/v1/sessions/s/steps/a/artifacts/html";

    @SuppressWarnings("NullAway.Init") // set before each test
    private Served served;

    @BeforeEach
    void start() throws IOException {
        served = Served.start(ReadServerOptions.onLoopback(0).withToken(new BearerToken(TOKEN)));
        served.store(aStep().inSession("s").withId("a").withHtml("<p>").build());
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @Test
    void showsNothingOfTheStoreToThoseWhoDoNotKnowTheToken() throws IOException {
        for (String path :
                List.of("/api/v1/", "/api/v1/sessions", "/api/v1/sessions/s", "/api/v1/sessions/s/steps/a", PAGE)) {
            HttpResponse<byte[]> response = served.get(path);
            assertThat(response.statusCode()).as(path).isEqualTo(401);
            assertThat(response.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"stepvault\"");
            assertThat(served.get(path, "Authorization", "Bearer " + TOKEN).statusCode())
                    .as(path)
                    .isEqualTo(200);
        }
        assertThat(Served.text(served.get("/api/v1/status")))
                .isEqualTo("{\"authentication\":\"required\",\"signed_in\":false}");
        assertThat(served.get("/api/").statusCode()).isEqualTo(200);
        assertThat(served.get("/api/v1/openapi.json").statusCode()).isEqualTo(200);
    }

    @Test
    void exchangesTheTokenForACookieUntilSignedOut() throws IOException {
        HttpResponse<byte[]> login = served.method("POST", "/api/v1/login", "Authorization", "Bearer " + TOKEN);
        String cookie = login.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");

        assertThat(login.statusCode()).isEqualTo(204);
        assertThat(cookie)
                .startsWith("stepvault-" + served.uri().getPort() + "=")
                .doesNotContain(TOKEN);
        assertThat(Served.text(served.get(PAGE, "Cookie", cookie))).isEqualTo("<p>");
        assertThat(Served.json(served.get("/api/v1/status", "Cookie", cookie))
                        .path("signed_in")
                        .asBoolean())
                .isTrue();

        HttpResponse<byte[]> logout = served.method("POST", "/api/v1/logout", "Cookie", cookie);

        assertThat(logout.statusCode()).isEqualTo(204);
        assertThat(logout.headers().firstValue("Clear-Site-Data")).hasValue("\"cache\"");
        assertThat(served.get(PAGE, "Cookie", cookie).statusCode()).isEqualTo(401);
    }

    @Test
    void makesThoseWaitWhoGuess() throws IOException {
        HttpResponse<byte[]> last = served.get("/api/v1/status");
        for (int i = 0; i < 11; i++) {
            last = served.method("POST", "/api/v1/login", "Authorization", "Bearer guess-number-" + (10 + i));
        }

        assertThat(last.statusCode()).isEqualTo(429);
        assertThat(last.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 7L);
    }
}
