package io.stepvault.server.http;

import static io.stepvault.server.Calls.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

class RouterTest {
    private final Router router = new Router(List.of(
            route("/a"),
            route("/a/{x}"),
            route("/a/{x}/b"),
            Route.post("/post", call -> Answer.noContent()),
            route("/f/{rest*}")));

    private static Route route(String template) {
        return Route.get(template, call -> Answer.noContent());
    }

    private Router.Match match(String path) {
        return router.match(aCall(path).build());
    }

    private int refused(String method, String path) {
        try {
            router.match(aCall(path).by(method).build());
            return 0;
        } catch (ProblemException e) {
            return e.problem().status();
        }
    }

    @Test
    void findsTheRouteOfAPath() {
        assertThat(match("/a").route().template()).isEqualTo("/a");
        assertThat(match("/a/1").route().template()).isEqualTo("/a/{x}");
        assertThat(match("/a/1/b").call().segment("x")).isEqualTo("1");
        assertThat(match("/f/1/2").call().segment("rest")).isEqualTo("1/2");
    }

    @Test
    void decodesASegmentOnce() {
        assertThat(match("/a/%2561").call().segment("x")).isEqualTo("%61");
        assertThat(match("/a/%C3%A9").call().segment("x")).isEqualTo("é");
    }

    @Test
    void takesAnEncodedSlashForNoSlash() {
        assertThat(match("/a/1%2Fb").call().segment("x")).isEqualTo("1/b");
        assertThat(refused("GET", "/a%2F1")).isEqualTo(404);
    }

    @Test
    void refusesWhatIsNoEncoding() {
        for (String bad : List.of("%", "%2", "%zz", "%-1", "%+1", "%C3", "%FF", "%ED%A0%80", "%C0%AF")) {
            assertThat(refused("GET", "/a/" + bad)).as(bad).isEqualTo(400);
        }
    }

    @Test
    void knowsNoOtherPaths() {
        for (String path : List.of("", "/", "a", "/a/", "//a", "/A", "/a/1/c", "/a/1/b/", "/f")) {
            assertThat(refused("GET", path)).as(path).isIn(404, 0);
        }
        assertThat(refused("GET", "/A")).isEqualTo(404);
        assertThat(refused("GET", "")).isEqualTo(404);
        assertThat(refused("GET", "/a/1/b/")).isEqualTo(404);
    }

    @Test
    void takesTheMethodsOfTheRouteOnly() {
        assertThat(refused("HEAD", "/a")).isZero();
        assertThat(refused("POST", "/post")).isZero();
        assertThat(refused("HEAD", "/post")).isEqualTo(405);
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> router.match(aCall("/a").by("DELETE").build()))
                .satisfies(e -> assertThat(e.problem().headers()).containsEntry("Allow", "GET, HEAD"));
    }
}
