package io.stepvault.server;

import static io.stepvault.capture.testing.StepBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.stepvault.capture.ArtifactName;
import io.stepvault.capture.Artifacts;
import io.stepvault.storage.object.PutRequest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactsIT {
    private static final String FILE = "/api/v1/sessions/s/steps/a/artifacts/attachments/file";

    @SuppressWarnings("NullAway.Init") // set before each test
    private Served served;

    @BeforeEach
    void start() throws IOException {
        served = Served.start();
    }

    @AfterEach
    void stop() {
        served.close();
    }

    private void storeFile(String contentType, byte[] bytes) {
        served.store(aStep().inSession("s")
                .withId("a")
                .withAttachment("file", Artifacts.of(contentType, bytes))
                .build());
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private void replace(byte[] bytes) {
        String key = served.objects().contents().keySet().stream()
                .filter(name -> name.contains("attachments/file"))
                .findFirst()
                .orElseThrow();
        served.objects()
                .put(new PutRequest(key, "text/plain", ByteBuffer.wrap(bytes), Map.of()))
                .join();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 1_000_000})
    void givesTheBytesThatWerePublished(int size) throws IOException {
        storeFile("application/octet-stream", random(size));

        HttpResponse<byte[]> response = served.get(FILE);

        assertThat(response.body()).isEqualTo(random(size));
        assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(size);
        assertThat(response.headers().firstValue("Accept-Ranges")).hasValue("bytes");
        assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
    }

    @Test
    void isNotCompressedOnItsWay() throws IOException {
        storeFile("text/html", "<p>".repeat(10_000).getBytes(java.nio.charset.StandardCharsets.UTF_8));

        HttpResponse<byte[]> response = served.get(FILE, "Accept-Encoding", "gzip");

        assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(response.body()).hasSize(30_000);
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 1",
        "bytes=0-65535, 0, 65536",
        "bytes=100000-199999, 100000, 100000",
        "bytes=-5, 199995, 5",
        "bytes=199999-, 199999, 1"
    })
    void givesARange(String range, int offset, int length) throws IOException {
        byte[] bytes = random(200_000);
        storeFile("application/octet-stream", bytes);

        HttpResponse<byte[]> response = served.get(FILE, "Range", range);

        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(response.body()).isEqualTo(Arrays.copyOfRange(bytes, offset, offset + length));
        assertThat(response.headers().firstValue("Content-Range"))
                .hasValue("bytes " + offset + "-" + (offset + length - 1) + "/200000");
        assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(length);
    }

    @Test
    void saysHowLongItIsToThoseWhoAskBeyond() throws IOException {
        storeFile("application/octet-stream", random(10));

        HttpResponse<byte[]> response = served.get(FILE, "Range", "bytes=10-");

        assertThat(response.statusCode()).isEqualTo(416);
        assertThat(response.headers().firstValue("Content-Range")).hasValue("bytes */10");
        assertThat(Served.json(response).path("status").asInt()).isEqualTo(416);
    }

    @Test
    void ignoresRangesThatItNeedNotHonour() throws IOException {
        storeFile("application/octet-stream", random(10));

        for (String range : List.of("bytes=0-1,4-5", "lines=0-1", "bytes=5-4")) {
            assertThat(served.get(FILE, "Range", range).statusCode()).isEqualTo(200);
        }
        HttpResponse<byte[]> head = served.method("HEAD", FILE, "Range", "bytes=0-1");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(10);
    }

    @Test
    void givesARangeOnlyOfWhatTheClientHasTheRestOf() throws IOException {
        storeFile("application/octet-stream", random(10));
        String etag = served.get(FILE).headers().firstValue("ETag").orElseThrow();

        assertThat(etag).matches("\"[0-9a-f]{64}\"");
        assertThat(served.get(FILE, "Range", "bytes=0-1", "If-Range", etag).statusCode())
                .isEqualTo(206);
        for (String other : List.of("\"other\"", "W/" + etag, "Sun, 22 Nov 2026 08:00:00 GMT")) {
            assertThat(served.get(FILE, "Range", "bytes=0-1", "If-Range", other).statusCode())
                    .isEqualTo(200);
        }
        assertThat(served.get(FILE, "Range", "bytes=0-1", "If-None-Match", etag).statusCode())
                .isEqualTo(304);
    }

    @Test
    void isKeptForEverUnderARevisionAndAskedForAgainUnderTheLatest() throws IOException {
        storeFile("text/plain", random(10));
        String revision = served.json("/api/v1/sessions/s/steps/a")
                .path("artifacts")
                .path(0)
                .path("links")
                .path("self")
                .asText();

        assertThat(served.get(revision).headers().firstValue("Cache-Control"))
                .hasValue("private, max-age=31536000, immutable");
        assertThat(served.get(FILE).headers().firstValue("Cache-Control")).hasValue("no-cache");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "text/html, text/html, inline",
                "text/html; charset=utf-8, text/html; charset=utf-8, inline",
                "application/json, application/json, inline",
                "text/plain, text/plain, inline",
                "image/png, image/png, inline",
                "image/svg+xml, application/octet-stream, attachment",
                "application/xml, application/octet-stream, attachment",
                "application/xhtml+xml, application/octet-stream, attachment",
                "text/javascript, application/octet-stream, attachment",
                "application/pdf, application/octet-stream, attachment",
                "'text/html\r\nX-Evil: 1', application/octet-stream, attachment"
            })
    void goesOutIntoASandbox(String published, String sent, String disposition) throws IOException {
        storeFile(published, "<script>alert(1)</script>".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        HttpResponse<byte[]> response = served.get(FILE);

        assertThat(response.headers().allValues("Content-Type")).containsExactly(sent);
        assertThat(response.headers().firstValue("Content-Disposition").orElse(""))
                .startsWith(disposition + ";");
        assertThat(response.headers().allValues("Content-Security-Policy"))
                .containsExactly(
                        "sandbox; default-src 'none'; style-src 'unsafe-inline' data:; img-src data: blob:;"
                                + " font-src data:; media-src data:; form-action 'none'; frame-ancestors 'self'; base-uri 'none'");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(response.headers().firstValue("Cross-Origin-Resource-Policy"))
                .hasValue("same-origin");
        assertThat(response.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
        assertThat(response.headers().firstValue("X-Evil")).isEmpty();
        HttpResponse<byte[]> part = served.get(FILE, "Range", "bytes=0-0");
        assertThat(part.headers().firstValue("Content-Security-Policy"))
                .isEqualTo(response.headers().firstValue("Content-Security-Policy"));
    }

    @Test
    void isSavedIfTheClientWantsThat() throws IOException {
        served.store(
                aStep().inSession("s").withId("a \"b\"\r\n").withHtml("<p>").build());
        String html = served.json("/api/v1/sessions/s/steps")
                        .path("steps")
                        .path(0)
                        .path("links")
                        .path("latest")
                        .asText()
                + "/artifacts/html";

        assertThat(served.get(html + "?download=true").headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename=\"a _b___.html\"; filename*=UTF-8''a%20_b___.html");
    }

    @Test
    void doesNotLookCompleteIfItIsDamaged() throws IOException {
        byte[] bytes = random(1_000_000);
        storeFile("application/octet-stream", bytes);
        bytes[999_999]++;
        replace(bytes);

        assertThatIOException().isThrownBy(() -> served.get(FILE));
    }

    @Test
    void isAProblemIfItIsDamagedAndSmall() throws IOException {
        storeFile("text/plain", random(10));
        replace(random(11));

        HttpResponse<byte[]> response = served.get(FILE);

        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(Served.json(response).path("title").asText()).isEqualTo("Damaged");
        assertThat(response.headers().firstValue("ETag")).isEmpty();
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @Test
    void isGoneIfTheStepExpiresMeanwhile() throws IOException {
        storeFile("text/plain", random(10));
        String key = served.objects().contents().keySet().stream()
                .filter(name -> name.contains("attachments/file"))
                .findFirst()
                .orElseThrow();
        served.objects().delete(key);

        HttpResponse<byte[]> response = served.get(FILE);

        assertThat(response.statusCode()).isEqualTo(410);
        assertThat(Served.json(response).path("detail").asText()).contains("expired");
    }

    @Test
    void isNotThereOnceItsSessionIsDeleted() throws IOException {
        storeFile("text/plain", random(10));
        served.store().deleteSession("s");

        assertThat(served.get(FILE).statusCode()).isEqualTo(404);
    }

    @Test
    void hasAThumbnailIfItIsAScreenshot() throws IOException {
        byte[] png = Pictures.png(1280, 800);
        served.store(
                aStep().inSession("s").withId("a").withScreenshot(png).build(),
                aStep().inSession("s").withId("b").withScreenshot(random(100)).build());
        String thumbnail = "/api/v1/sessions/s/steps/a/thumbnail";

        HttpResponse<byte[]> response = served.get(thumbnail + "?width=160");

        assertThat(response.headers().firstValue("Content-Type")).hasValue("image/jpeg");
        assertThat(Pictures.widthOf(response.body())).isEqualTo(160);
        assertThat(Pictures.widthOf(served.get(thumbnail).body())).isEqualTo(320);
        String etag = response.headers().firstValue("ETag").orElseThrow();
        assertThat(served.get(thumbnail + "?width=160", "If-None-Match", etag).statusCode())
                .isEqualTo(304);
        assertThat(served.get(thumbnail + "?width=320", "If-None-Match", etag).statusCode())
                .isEqualTo(200);
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-cache");
        String ofRevision = served.json("/api/v1/sessions/s/steps/a")
                .path("links")
                .path("thumbnail")
                .asText();
        assertThat(served.get(ofRevision).headers().firstValue("Cache-Control"))
                .hasValue("private, max-age=31536000, immutable");
        assertThat(served.get("/api/v1/sessions/s/steps/b/thumbnail").statusCode())
                .isEqualTo(415);
        assertThat(served.get("/api/v1/sessions/s/steps/b/artifacts/" + ArtifactName.SCREENSHOT)
                        .body())
                .isEqualTo(random(100));
    }
}
