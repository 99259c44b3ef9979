package io.stepvault.server;

import static io.stepvault.capture.testing.StepBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.stepvault.server.api.ReadApi;
import io.stepvault.server.guard.Authentication;
import io.stepvault.server.guard.BearerToken;
import io.stepvault.server.http.Route;
import io.stepvault.server.listing.StepListings;
import io.stepvault.server.listing.Turns;
import io.stepvault.server.thumbnail.Thumbnails;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The description of the API says what the server does, and nothing else. */
class OpenApiIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static Served served;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static JsonNode api;

    @BeforeAll
    static void start() throws IOException {
        served = Served.start();
        api = served.json("/api/v1/openapi.json");
        served.store(
                aStep().inSession("s/1")
                        .withId("a")
                        .capturedAt(NOON)
                        .withSequence(2)
                        .withUrl("https://example.org/")
                        .withHtml("<p>old")
                        .build(),
                aStep().inSession("s/1")
                        .withId("a")
                        .capturedAt(NOON.plusSeconds(1))
                        .withSequence(5)
                        .withAction("{}")
                        .withLabel("k", "v")
                        .withHtml("<p>new")
                        .withScreenshot(Pictures.png(400, 300))
                        .withAttachment("n.har", "{}")
                        .endingTheSession()
                        .build(),
                aStep().inSession("s/1").withId("b").capturedAt(NOON).build(),
                aStep().inSession("s/2").withId("b").capturedAt(NOON).build());
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    /** Finds the first thing wrong with what is said to follow a schema. */
    private static void follows(JsonNode schema, JsonNode value, String about) {
        ObjectNode whole = JSON.createObjectNode();
        whole.setAll((ObjectNode) schema);
        whole.set("components", api.path("components"));
        assertThat(SCHEMAS.getSchema(whole).validate(value)).as(about).isEmpty();
    }

    private static JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? resolved(api.at(node.path("$ref").asText().substring(1))) : node;
    }

    /** Checks a real answer against what is said of the operation. */
    private static HttpResponse<byte[]> described(String template, HttpResponse<byte[]> response) throws IOException {
        String method = response.request().method().equals("POST") ? "post" : "get";
        String about = method + " " + template + " " + response.statusCode();
        JsonNode said = resolved(api.path("paths")
                .path(template)
                .path(method)
                .path("responses")
                .path(Integer.toString(response.statusCode())));
        assertThat(said.isMissingNode()).as(about + " is not described").isFalse();
        said.path("headers")
                .fieldNames()
                .forEachRemaining(header -> assertThat(response.headers().firstValue(header))
                        .as(about + " " + header)
                        .isPresent());
        String type = response.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
        JsonNode content = said.path("content");
        if (content.has(type)) {
            follows(content.path(type).path("schema"), JSON.readTree(response.body()), about);
        } else if (!content.isEmpty()) {
            assertThat(content.has("*/*")).as(about + " " + type).isTrue();
        }
        return response;
    }

    private static HttpResponse<byte[]> get(String template, String path, String... headers) throws IOException {
        HttpResponse<byte[]> response = served.get(path, headers);
        if (response.headers().firstValue("Content-Type").orElse("").equals("image/jpeg")) {
            assertThat(template).endsWith("/thumbnail");
            return response;
        }
        return described(template, response);
    }

    @Test
    void namesEveryRouteAndNoOther() {
        Set<String> routes = new TreeSet<>();
        try (Thumbnails thumbnails = new Thumbnails(Clock.systemUTC())) {
            Turns turns = new Turns(1, Duration.ofSeconds(1));
            StubStepStore store = new StubStepStore();
            ReadApi readApi = new ReadApi(
                    store,
                    new Authentication(Optional.empty(), false, Clock.systemUTC()),
                    turns,
                    new StepListings(store, turns, Clock.systemUTC()),
                    thumbnails);
            for (Route route : readApi.routes()) {
                routes.add(route.method() + " " + route.template() + " " + route.access());
            }
        }
        Set<String> described = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : api.path("paths").properties()) {
            path.getValue()
                    .properties()
                    .forEach(operation -> described.add(
                            operation.getKey().toUpperCase(java.util.Locale.ROOT) + " /api/v1" + path.getKey()
                                    + (operation.getValue().has("security") ? " PUBLIC" : " PROTECTED")));
        }

        assertThat(described).isEqualTo(routes);
    }

    @Test
    void namesEverySegmentOfAPath() {
        for (Map.Entry<String, JsonNode> path : api.path("paths").properties()) {
            Set<String> named = new TreeSet<>();
            path.getValue().path("get").path("parameters").forEach(parameter -> {
                if (resolved(parameter).path("in").asText().equals("path")) {
                    named.add("{" + resolved(parameter).path("name").asText() + "}");
                }
            });
            Set<String> segments = new TreeSet<>();
            for (String segment : path.getKey().split("/", -1)) {
                if (segment.startsWith("{")) {
                    segments.add(segment);
                }
            }

            assertThat(named).as(path.getKey()).isEqualTo(segments);
        }
    }

    @Test
    void hasExamplesThatFollowTheirSchemas() {
        int[] seen = new int[1];
        api.findParents("example").forEach(parent -> {
            if (parent.has("schema")) {
                follows(
                        parent.path("schema"),
                        parent.path("example"),
                        parent.path("schema").toString());
                seen[0]++;
            }
        });

        assertThat(seen[0]).isGreaterThan(20);
    }

    @Test
    void leadsNowhereThatIsNotThere() {
        api.findValuesAsText("$ref")
                .forEach(reference -> assertThat(api.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
    }

    @Test
    void saysWhatIsAnswered() throws IOException {
        String session = "/api/v1/sessions/s%252F1";
        get("/", "/api/v1/");
        get("/status", "/api/v1/status");
        get("/openapi.json", "/api/v1/openapi.json");
        get("/sessions", "/api/v1/sessions?limit=1&from=2026-01-01&prefix=s");
        get("/sessions", "/api/v1/sessions?order=id");
        get("/sessions", "/api/v1/sessions?limit=0");
        get("/sessions/{session}", session);
        get("/sessions/{session}", session + "?completeness=true");
        get("/sessions/{session}", session + "?completeness=yes");
        get("/sessions/{session}", "/api/v1/sessions/none");
        HttpResponse<byte[]> steps = get("/sessions/{session}/steps", session + "/steps?limit=1");
        get("/sessions/{session}/steps", session + "/steps?detail=true");
        get("/sessions/{session}/steps", session + "/steps?limit=x");
        String etag = steps.headers().firstValue("ETag").orElseThrow();
        assertThat(get("/sessions/{session}/steps", session + "/steps?limit=1", "If-None-Match", etag)
                        .statusCode())
                .isEqualTo(304);
        get("/sessions/{session}/steps/{step}/revisions", session + "/steps/a/revisions?limit=1");
        get("/sessions/{session}/steps/{step}/revisions", session + "/steps/none/revisions");

        String latest = session + "/steps/a";
        String revision =
                Served.json(served.get(latest)).path("links").path("self").asText();
        for (String of : List.of("", "/revisions/{revision}")) {
            String template = "/sessions/{session}/steps/{step}" + of;
            String path = of.isEmpty() ? latest : revision;
            get(template, path);
            get(template, path + "?x=1");
            get(template, path.replace("s%252F1", "none"));
            get(template + "/artifacts/html", path + "/artifacts/html");
            get(template + "/artifacts/html", path + "/artifacts/html", "Range", "bytes=0-1");
            get(template + "/artifacts/html", path + "/artifacts/html", "Range", "bytes=100-");
            get(template + "/artifacts/screenshot", path + "/artifacts/screenshot");
            get(template + "/artifacts/attachments/{name}", path + "/artifacts/attachments/n.har?download=true");
            get(template + "/artifacts/attachments/{name}", path + "/artifacts/attachments/none");
            HttpResponse<byte[]> thumbnail = get(template + "/thumbnail", path + "/thumbnail?width=640");
            assertThat(thumbnail.statusCode()).isEqualTo(200);
            get(template + "/thumbnail", path + "/thumbnail?width=1");
        }
        get("/sessions/{session}/steps/{step}/thumbnail", session + "/steps/b/thumbnail");
        described("/login", served.method("POST", "/api/v1/logout"));
        described("/logout", served.method("POST", "/api/v1/logout"));
        described("/status", served.get("/api/v1/status", "Origin", "http://evil.example.org"));
    }

    @Test
    void saysWhatIsAnsweredToThoseWhoMustSignIn() throws IOException {
        String token = "0123456789abcdef";
        try (Served closed = Served.start(ReadServerOptions.onLoopback(0).withToken(new BearerToken(token)))) {
            described("/sessions", closed.get("/api/v1/sessions"));
            described("/status", closed.get("/api/v1/status"));
            described("/login", closed.method("POST", "/api/v1/login"));
            described("/login", closed.method("POST", "/api/v1/login", "Authorization", "Bearer " + token));
            for (int i = 0; i < 10; i++) {
                closed.method("POST", "/api/v1/login", "Authorization", "Bearer wrong-wrong-wrong");
            }
            HttpResponse<byte[]> waiting = closed.get("/api/v1/sessions", "Authorization", "Bearer " + token);
            assertThat(described("/sessions", waiting).statusCode()).isEqualTo(429);
        }
    }
}
