package io.stepvault.server;

import static io.stepvault.capture.testing.StepBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepvault.capture.IdCodec;
import io.stepvault.storage.memory.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadApiIT {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private final SteppedClock clock = new SteppedClock();

    @SuppressWarnings("NullAway.Init") // set before each test
    private Served served;

    @BeforeEach
    void start() throws IOException {
        served = Served.start(ReadServerOptions.onLoopback(0).withClock(clock));
    }

    @AfterEach
    void stop() {
        served.close();
    }

    private static List<String> texts(JsonNode array, String field) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.path(field).asText()));
        return texts;
    }

    private void problem(HttpResponse<byte[]> response, int status, String detail) throws IOException {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = Served.json(response);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("type").asText()).isEqualTo("about:blank");
        assertThat(problem.path("detail").asText()).contains(detail);
    }

    @Test
    void saysWhatItIs() throws IOException {
        JsonNode root = served.json("/api/v1/");

        assertThat(root.path("name").asText()).isEqualTo("stepvault");
        assertThat(served.get(root.path("links").path("openapi").asText()).statusCode())
                .isEqualTo(200);
        assertThat(served.json("/api/v1/status").toString())
                .isEqualTo("{\"authentication\":\"none\",\"signed_in\":true,\"store\":\"memory:store/\"}");
    }

    @Test
    void listsSessionsNewestDayFirst() throws IOException {
        served.store(
                aStep().inSession("a").capturedAt(NOON).build(),
                aStep().inSession("b")
                        .capturedAt(NOON.minus(Duration.ofDays(1)))
                        .build(),
                aStep().inSession("b/2").capturedAt(NOON).build());

        JsonNode sessions = served.json("/api/v1/sessions").path("sessions");

        assertThat(texts(sessions, "session_id")).containsExactly("a", "b/2", "b");
        assertThat(texts(sessions, "day")).containsExactly("2026-11-20", "2026-11-20", "2026-11-19");
        assertThat(served.json(sessions.path(1).path("links").path("self").asText())
                        .path("session_id")
                        .asText())
                .isEqualTo("b/2");
    }

    @Test
    void filtersSessionsByPrefixAndDay() throws IOException {
        served.store(
                aStep().inSession("a1").capturedAt(NOON).build(),
                aStep().inSession("a2")
                        .capturedAt(NOON.minus(Duration.ofDays(3)))
                        .build(),
                aStep().inSession("b").capturedAt(NOON).build());

        assertThat(texts(served.json("/api/v1/sessions?prefix=a").path("sessions"), "session_id"))
                .containsExactly("a1", "a2");
        assertThat(texts(served.json("/api/v1/sessions?to=2026-11-17").path("sessions"), "session_id"))
                .containsExactly("a2");
        assertThat(texts(
                        served.json("/api/v1/sessions?from=2026-11-18&prefix=a").path("sessions"), "session_id"))
                .containsExactly("a1");
        assertThat(served.json("/api/v1/sessions?order=id&prefix=a").toString())
                .isEqualTo("{\"sessions\":[{\"session_id\":\"a1\",\"links\":{\"self\":\"/api/v1/sessions/a1\","
                        + "\"steps\":\"/api/v1/sessions/a1/steps\"}},{\"session_id\":\"a2\",\"links\":{"
                        + "\"self\":\"/api/v1/sessions/a2\",\"steps\":\"/api/v1/sessions/a2/steps\"}}]}");
    }

    @Test
    void pagesThroughSessions() throws IOException {
        for (int i = 0; i < 5; i++) {
            served.store(aStep().inSession("s" + i).capturedAt(NOON).build());
        }
        for (String order : List.of("newest", "id")) {
            List<String> seen = new ArrayList<>();
            String next = "";
            do {
                JsonNode page = served.json("/api/v1/sessions?limit=2&order=" + order + "&page=" + next);
                seen.addAll(texts(page.path("sessions"), "session_id"));
                next = page.path("next").asText();
            } while (!next.isEmpty());

            assertThat(seen).containsExactly("s0", "s1", "s2", "s3", "s4");
        }
    }

    @Test
    void showsASessionAtAGlance() throws IOException {
        served.store(
                aStep().withId("2")
                        .capturedAt(NOON.plusSeconds(2))
                        .withSequence(3)
                        .build(),
                aStep().withId("1").capturedAt(NOON).withSequence(0).build(),
                aStep().withId("1")
                        .capturedAt(NOON.plusSeconds(1))
                        .withSequence(1)
                        .endingTheSession()
                        .build());

        JsonNode session = served.json("/api/v1/sessions/" + aStep().build().getSessionId() + "?completeness=true");

        assertThat(session.path("steps").asInt()).isEqualTo(2);
        assertThat(session.path("revisions").asInt()).isEqualTo(3);
        assertThat(session.path("first_step").path("step_id").asText()).isEqualTo("1");
        assertThat(session.path("first_captured_at").asText()).isEqualTo("2026-11-20T12:00:01.000000Z");
        assertThat(session.path("last_step").path("step_id").asText()).isEqualTo("2");
        assertThat(session.path("completeness").toString())
                .isEqualTo("{\"captures\":3,\"unnumbered\":0,\"ended\":true,\"first_sequence\":0,\"last_sequence\":3,"
                        + "\"missing\":[{\"from\":2,\"to\":2}],\"missing_count\":1}");
    }

    @Test
    void showsStepsByCaptureTimeWithOrWithoutTheirRecords() throws IOException {
        served.store(
                aStep().inSession("s")
                        .withId("b")
                        .capturedAt(NOON)
                        .withAction("{\"a\": 1}")
                        .build(),
                aStep().inSession("s")
                        .withId("a")
                        .capturedAt(NOON.plusSeconds(1))
                        .withLabel("k", "v")
                        .build());

        JsonNode steps = served.json("/api/v1/sessions/s/steps?limit=100000").path("steps");
        JsonNode detailed = served.json("/api/v1/sessions/s/steps?detail=true").path("steps");

        assertThat(texts(steps, "step_id")).containsExactly("b", "a");
        assertThat(steps.path(0).has("record")).isFalse();
        assertThat(texts(detailed, "step_id")).containsExactly("b", "a");
        assertThat(detailed.path(0).path("record").path("action").asText()).isEqualTo("{\"a\": 1}");
        assertThat(detailed.path(1).path("record").path("labels").toString()).isEqualTo("{\"k\":\"v\"}");
    }

    @Test
    void pagesThroughSteps() throws IOException {
        for (int i = 0; i < 5; i++) {
            served.store(aStep().inSession("s")
                    .withId("s" + i)
                    .capturedAt(NOON.plusSeconds(i))
                    .build());
        }
        List<String> seen = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = served.json("/api/v1/sessions/s/steps?limit=2&page=" + next);
            seen.addAll(texts(page.path("steps"), "step_id"));
            next = page.path("next").asText();
        } while (!next.isEmpty());

        assertThat(seen).containsExactly("s0", "s1", "s2", "s3", "s4");
    }

    @Test
    void tellsOnlyWhoeverDoesNotKnowItThatASessionHasGrown() throws IOException {
        served.store(aStep().inSession("s").withId("a").capturedAt(NOON).build());
        for (String path : List.of("/api/v1/sessions/s/steps", "/api/v1/sessions/s/steps?detail=true")) {
            HttpResponse<byte[]> first = served.get(path);
            String etag = first.headers().firstValue("ETag").orElseThrow();
            assertThat(first.headers().firstValue("Cache-Control")).hasValue("no-cache");

            HttpResponse<byte[]> again = served.get(path, "If-None-Match", etag);
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            assertThat(again.headers().firstValue("ETag")).hasValue(etag);
            assertThat(again.headers().firstValue("Vary")).hasValue("Accept-Encoding");

            served.store(aStep().inSession("s")
                    .withId("b" + path.length())
                    .capturedAt(NOON)
                    .build());
            clock.advance(Duration.ofSeconds(2));
            assertThat(served.get(path, "If-None-Match", etag).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void showsAStepAndEachOfItsRevisions() throws IOException {
        served.store(
                aStep().inSession("s")
                        .withId("a")
                        .capturedAt(NOON)
                        .withUrl("https://example.org/\"<é>")
                        .withAction(" {\"x\": 1.0}\n")
                        .withHtml("<p>old")
                        .build(),
                aStep().inSession("s")
                        .withId("a")
                        .capturedAt(NOON.plusSeconds(1))
                        .withSequence(7)
                        .withHtml("<p>new")
                        .build());

        JsonNode latest = served.json("/api/v1/sessions/s/steps/a");
        JsonNode revisions =
                served.json(latest.path("links").path("revisions").asText()).path("revisions");
        HttpResponse<byte[]> first =
                served.get(revisions.path(0).path("links").path("self").asText());
        JsonNode old = Served.json(first);

        assertThat(latest.path("sequence").asInt()).isEqualTo(7);
        assertThat(texts(revisions, "captured_at"))
                .containsExactly("2026-11-20T12:00:00.000000Z", "2026-11-20T12:00:01.000000Z");
        assertThat(old.path("url").asText()).isEqualTo("https://example.org/\"<é>");
        assertThat(old.path("action").asText()).isEqualTo(" {\"x\": 1.0}\n");
        assertThat(first.headers().firstValue("Cache-Control")).hasValue("private, max-age=31536000, immutable");
        JsonNode html = old.path("artifacts").path(0);
        assertThat(html.path("size").asInt()).isEqualTo(6);
        assertThat(Served.text(served.get(html.path("links").path("self").asText())))
                .isEqualTo("<p>old");
    }

    @Test
    void knowsARevisionByItsETag() throws IOException {
        served.store(aStep().inSession("s").withId("a").capturedAt(NOON).build());
        HttpResponse<byte[]> step = served.get("/api/v1/sessions/s/steps/a");
        String etag = step.headers().firstValue("ETag").orElseThrow();

        assertThat(etag).isEqualTo("W/\"" + Served.json(step).path("revision").asText() + "\"");
        assertThat(served.get("/api/v1/sessions/s/steps/a", "If-None-Match", etag)
                        .statusCode())
                .isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "../..", "/", "%", "%2F", "a b", "é\uD83D\uDE00", "#?&;=+", "\u0000\n", "con"})
    void findsWhateverIdsThereAre(String id) throws IOException {
        served.store(aStep().inSession(id)
                .withId(id)
                .capturedAt(NOON)
                .withAttachment(id, "text")
                .build());

        JsonNode session = served.json("/api/v1/sessions").path("sessions").path(0);
        JsonNode steps =
                served.json(session.path("links").path("steps").asText()).path("steps");
        JsonNode step = served.json(steps.path(0).path("links").path("latest").asText());
        String attachment =
                step.path("artifacts").path(0).path("links").path("self").asText();

        assertThat(session.path("session_id").asText()).isEqualTo(id);
        assertThat(step.path("step_id").asText()).isEqualTo(id);
        assertThat(Served.text(served.get(attachment))).isEqualTo("text");
        assertThat(attachment)
                .endsWith("/artifacts/attachments/" + IdCodec.encode(id).replace("%", "%25"));
    }

    @Test
    void saysWhatIsWrongWithARequest() throws IOException {
        served.store(aStep().inSession("s").withId("a").capturedAt(NOON).build());

        problem(served.get("/api/v1/sessions?limit=0"), 400, "limit");
        problem(served.get("/api/v1/sessions?limits=1"), 400, "unknown");
        problem(served.get("/api/v1/sessions?from=2026-02-30"), 400, "from");
        problem(served.get("/api/v1/sessions?from=yesterday"), 400, "from");
        problem(served.get("/api/v1/sessions?order=size"), 400, "newest, id");
        problem(served.get("/api/v1/sessions?order=id&from=2026-11-20"), 400, "newest only");
        problem(served.get("/api/v1/sessions?page=x"), 400, "token");
        problem(served.get("/api/v1/sessions?prefix=" + "x".repeat(300)), 400, "prefix");
        problem(served.get("/api/v1/sessions/s/steps?page=x"), 400, "token");
        problem(served.get("/api/v1/sessions/s/steps?detail=true&limit=201"), 400, "1 to 200");
        problem(served.get("/api/v1/sessions/s/steps/a/revisions?page=x"), 400, "token");
        problem(served.get("/api/v1/sessions/a%20b"), 400, "encoded");
        problem(served.get("/api/v1/sessions/s/steps/a/revisions/latest"), 400, "revision");
        problem(served.get("/api/v1/sessions/s/steps/a/thumbnail?width=100"), 400, "160, 320, 640");
        problem(served.get("/api/v1/nothing"), 404, "nothing under this path");
        problem(served.get("/api/v1/sessions/none"), 404, "session");
        problem(served.get("/api/v1/sessions/s/steps/none"), 404, "step");
        problem(served.get("/api/v1/sessions/s/steps/none/revisions"), 404, "step");
        problem(
                served.get("/api/v1/sessions/s/steps/a/revisions/20261120T080012.345678Z-0123456789abcdef"),
                404,
                "revision");
        problem(served.get("/api/v1/sessions/s/steps/a/artifacts/html"), 404, "artifact");
        problem(served.get("/api/v1/sessions/s/steps/a/artifacts/attachments/x"), 404, "artifact");
        problem(served.get("/api/v1/sessions/s/steps/a/thumbnail"), 404, "screenshot");
        problem(served.method("DELETE", "/api/v1/sessions/s"), 405, "GET, HEAD");
        problem(served.method("GET", "/api/v1/login"), 405, "POST");
        assertThat(served.method("POST", "/api/v1/sessions").headers().firstValue("Allow"))
                .hasValue("GET, HEAD");
    }

    @Test
    void listsNothingOfASessionThatIsNotThere() throws IOException {
        assertThat(served.json("/api/v1/sessions/none/steps").toString()).isEqualTo("{\"steps\":[]}");
        assertThat(served.json("/api/v1/sessions").toString()).isEqualTo("{\"sessions\":[]}");
    }

    @Test
    void tellsAnOutageOfTheStore() throws IOException {
        served.store(aStep().inSession("s")
                .withId("a")
                .capturedAt(NOON)
                .withHtml("<p>")
                .build());
        for (Fault fault : List.of(Fault.TRANSIENT, Fault.DENIED, Fault.THROTTLED)) {
            served.objects().failAlways(key -> true, fault);
            for (String path : List.of(
                    "/api/v1/sessions",
                    "/api/v1/sessions/s",
                    "/api/v1/sessions/s/steps",
                    "/api/v1/sessions/s/steps/a",
                    "/api/v1/sessions/s/steps/a/artifacts/html")) {
                HttpResponse<byte[]> response = served.get(path);
                problem(response, 503, "store");
                assertThat(response.headers().firstValue("Retry-After")).isPresent();
                assertThat(Served.text(response)).doesNotContain("memory", "scripted");
            }
            served.objects().heal();
        }
        assertThat(served.get("/api/v1/sessions/s/steps/a/artifacts/html").statusCode())
                .isEqualTo(200);
    }

    @Test
    void compressesJsonForThoseWhoTakeThat() throws IOException {
        served.store(aStep().inSession("s").withId("a").capturedAt(NOON).build());
        byte[] plain = served.get("/api/v1/sessions").body();

        HttpResponse<byte[]> packed = served.get("/api/v1/sessions", "Accept-Encoding", "br, gzip;q=0.5");

        assertThat(packed.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(packed.headers().firstValue("Vary")).hasValue("Accept-Encoding");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes())
                .isEqualTo(plain);
        assertThat(served.get("/api/v1/sessions", "Accept-Encoding", "gzip;q=0").body())
                .isEqualTo(plain);
    }

    @Test
    void answersHeadAsGetWithoutTheBody() throws IOException {
        served.store(aStep().inSession("s")
                .withId("a")
                .capturedAt(NOON)
                .withHtml("<p>")
                .build());
        for (String path : List.of(
                "/api/v1/sessions",
                "/api/v1/sessions/s/steps/a",
                "/api/v1/sessions/s/steps/a/artifacts/html",
                "/api/")) {
            HttpResponse<byte[]> get = served.get(path);
            HttpResponse<byte[]> head = served.method("HEAD", path);

            assertThat(head.statusCode()).as(path).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(head.headers().map().get("content-length"))
                    .as(path)
                    .isEqualTo(get.headers().map().get("content-length"));
            assertThat(head.headers().map().get("etag"))
                    .isEqualTo(get.headers().map().get("etag"));
        }
        assertThat(served.method("HEAD", "/api/v1/sessions/none").statusCode()).isEqualTo(404);
    }

    @Test
    void saysNothingOfItselfToBrowsersThatAskForOthers() throws IOException {
        HttpResponse<byte[]> page = served.get("/api/");
        HttpResponse<byte[]> json = served.get("/api/v1/status");

        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'self'", "frame-ancestors 'none'", "object-src 'none'")
                .doesNotContain("unsafe");
        assertThat(json.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'");
        for (HttpResponse<byte[]> response : List.of(page, json)) {
            assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(response.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
            assertThat(response.headers().firstValue("Cross-Origin-Resource-Policy"))
                    .hasValue("same-origin");
            assertThat(response.headers().firstValue("Server")).isEmpty();
            assertThat(response.headers().firstValue("Access-Control-Allow-Origin"))
                    .isEmpty();
        }
    }
}
