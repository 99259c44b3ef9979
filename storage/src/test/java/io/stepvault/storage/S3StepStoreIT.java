package io.stepvault.storage;

import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.embedded.EmbeddedS3;
import io.stepvault.storage.s3.S3Options;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

class S3StepStoreIT extends StepStoreContract {
    private static final String BUCKET = "captures";

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static EmbeddedS3 server;

    private final String prefix = "run/" + UUID.randomUUID();
    private final StepStore store = StepStore.open(
            URI.create("s3://" + BUCKET + "/" + prefix + "?endpoint=" + server.endpoint()),
            TestStores.quick()
                    .withS3(S3Options.defaults()
                            .withCredentials(StaticCredentialsProvider.create(
                                    AwsBasicCredentials.create(server.accessKey(), server.secretKey())))));

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
