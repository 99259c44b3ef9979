package io.stepvault.storage;

import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.embedded.EmbeddedS3;
import io.stepvault.storage.s3.S3Options;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

class S3StepStoreIT extends StepStoreContract {
    private static final String BUCKET = "captures";

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static EmbeddedS3 server;

    private final String prefix = "run/" + UUID.randomUUID();
    final StepStore store = open(prefix);

    /** In which form the store writes. */
    Compression compression() {
        return Compression.NONE;
    }

    private StepStore open(String prefix) {
        return StepStore.open(
                URI.create("s3://" + BUCKET + "/" + prefix + "?endpoint=" + server.endpoint()),
                TestStores.quick()
                        .withCompression(compression())
                        .withS3(S3Options.defaults()
                                .withCredentials(StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create(server.accessKey(), server.secretKey())))));
    }

    @BeforeAll
    static void start() {
        server = EmbeddedS3.builder().start();
        server.createBucket(BUCKET);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    StepStore store() {
        return store;
    }

    @Test
    void tellsWhereArtifactsAre() {
        StoreOutcome.Stored stored = stored(aStep().called("a/b").html("<p>").build());

        assertThat(stored.artifactUris())
                .containsEntry(
                        "html",
                        URI.create("s3://captures/" + prefix + "/sessions/session/steps/a%2Fb/" + stored.revision()
                                + "/page.html"));
        assertThat(store.location()).isEqualTo(URI.create("s3://captures/" + prefix + "/"));
    }

    @Test
    void givesUrlsThatNeedNoCredentials() throws Exception {
        byte[] picture = random(70_000);
        stored(aStep().called("a/b")
                .html("<script>")
                .screenshot("image/png", picture)
                .build());
        StoredStep step = store.load("session", "a/b").orElseThrow();

        HttpResponse<byte[]> image = get(step.presign("screenshot", Duration.ofMinutes(5)));
        assertThat(image.statusCode()).isEqualTo(200);
        assertThat(image.body()).isEqualTo(picture);
        assertThat(image.headers().firstValue("content-type")).hasValue("image/png");
        assertThat(image.headers().firstValue("content-disposition")).isEmpty();

        HttpResponse<byte[]> page = get(step.presign("html", Duration.ofDays(7)));
        assertThat(page.body()).asString(StandardCharsets.UTF_8).isEqualTo("<script>");
        assertThat(page.headers().firstValue("content-disposition")).hasValue("attachment");
        assertThat(page.headers().firstValue("content-type")).get().asString().startsWith("text/html");
    }

    @Test
    void givesNoUrlForLessThanASecondOrMoreThanAWeek() {
        stored(aStep().html("<p>").build());
        StoredStep step = store.load("session", "step").orElseThrow();

        for (Duration time : List.of(
                Duration.ZERO,
                Duration.ofMillis(999),
                Duration.ofMillis(1_500),
                Duration.ofDays(7).plusSeconds(1))) {
            assertThatThrownBy(() -> step.presign("html", time))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("7 days");
        }
    }

    static HttpResponse<byte[]> get(Optional<URI> url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(url.orElseThrow()).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void copiesToADirectoryAndBack(@TempDir Path directory) throws Exception {
        for (int step = 0; step < 20; step++) {
            stored(aStep().inSession("session/" + step % 3)
                    .called("step-" + step)
                    .html("<p>" + step)
                    .attachment("a b", random(step * 1_000))
                    .build());
        }
        Copied there;
        Copied back;
        try (StepStore files = StepStore.open(directory.toUri(), TestStores.quick());
                StepStore again = open(prefix + "/again")) {
            there = new SessionCopy(store, files, 4, new SessionCopy.Listener() {}).sessions(SessionFilter.ALL);
            back = new SessionCopy(files, again, 4, new SessionCopy.Listener() {}).sessions(SessionFilter.ALL);

            assertThat(there.sessions()).isEqualTo(3);
            assertThat(there.captures()).isEqualTo(20);
            assertThat(back).isEqualTo(there);
            for (int session = 0; session < 3; session++) {
                String id = "session/" + session;
                PageRequest all = PageRequest.first(100);
                assertThat(again.revisions(id, all)).isEqualTo(store.revisions(id, all));
                assertThat(files.revisions(id, all)).isEqualTo(store.revisions(id, all));
            }
            assertThat(again.load("session/1", "step-19").orElseThrow().read("attachments/a b"))
                    .isEqualTo(random(19_000));
        }
    }

    @Test
    void ridesOutAShortOutage() {
        stored(aStep().called("before").build());
        server.stop();
        List<StoreOutcome> during = store.store(List.of(aStep().called("during").build()));
        server.start();

        assertThat(during)
                .singleElement()
                .isInstanceOfSatisfying(
                        StoreOutcome.Failed.class,
                        failed -> assertThat(failed.cause().isOutage()).isTrue());
        stored(aStep().called("during").build());
        assertThat(store.steps("session", PageRequest.first(9)).items()).hasSize(2);
    }
}
