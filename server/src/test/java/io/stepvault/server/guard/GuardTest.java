package io.stepvault.server.guard;

import static io.stepvault.server.Calls.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.server.Calls;
import io.stepvault.server.http.ProblemException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {
    private final Guard guard = new Guard(Set.of());

    private int check(Calls call) {
        try {
            guard.check(call.build());
            return 200;
        } catch (ProblemException e) {
            return e.problem().status();
        }
    }

    @Test
    void turnsAwayRequestsForOtherHosts() {
        assertThat(check(aCall("/"))).isEqualTo(200);
        assertThat(check(aCall("/").with("Host", "evil.example.org"))).isEqualTo(403);
        assertThat(check(aCall("/").with("Host", ""))).isEqualTo(403);
    }

    @Test
    void takesItsOwnOrigin() {
        assertThat(check(aCall("/").with("Origin", "http://127.0.0.1:8080"))).isEqualTo(200);
        assertThat(check(aCall("/").with("Origin", "https://127.0.0.1:8080"))).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "",
                "http://127.0.0.1",
                "http://127.0.0.1:8081",
                "http://localhost:8080",
                "http://evil.example.org",
                "http://127.0.0.1:8080.evil.example.org",
                "ftp://127.0.0.1:8080",
                "127.0.0.1:8080"
            })
    void turnsAwayOtherOrigins(String origin) {
        assertThat(check(aCall("/").with("Origin", origin))).isEqualTo(403);
    }

    @Test
    void turnsAwayWhatForeignPagesMakeABrowserSend() {
        for (String site : new String[] {"cross-site", "same-site", "something-new"}) {
            assertThat(check(aCall("/").with("Sec-Fetch-Site", site))).isEqualTo(403);
            assertThat(check(aCall("/api/v1/sessions").with("Sec-Fetch-Site", site)))
                    .isEqualTo(403);
        }
        assertThat(check(aCall("/api/v1/sessions").with("Sec-Fetch-Site", "same-origin")))
                .isEqualTo(200);
        assertThat(check(aCall("/api/v1/sessions").with("Sec-Fetch-Site", "none")))
                .isEqualTo(200);
    }

    @Test
    void letsALinkFromElsewhereOpenTheViewerButNothingOfTheApi() {
        assertThat(check(navigation("/", "document"))).isEqualTo(200);
        assertThat(check(navigation("/api/", "document"))).isEqualTo(200);
        assertThat(check(navigation("/", "iframe"))).isEqualTo(403);
        assertThat(check(navigation("/", "document").by("POST"))).isEqualTo(403);
        assertThat(check(navigation("/api/v1/sessions", "document"))).isEqualTo(403);
    }

    private static Calls navigation(String path, String dest) {
        return aCall(path)
                .with("Sec-Fetch-Site", "cross-site")
                .with("Sec-Fetch-Mode", "navigate")
                .with("Sec-Fetch-Dest", dest);
    }

    @Test
    void turnsAwayBodies() {
        assertThat(check(aCall("/").with("Content-Length", "0"))).isEqualTo(200);
        assertThat(check(aCall("/").with("Content-Length", "1"))).isEqualTo(413);
        assertThat(check(aCall("/").with("Transfer-Encoding", "chunked"))).isEqualTo(413);
    }
}
