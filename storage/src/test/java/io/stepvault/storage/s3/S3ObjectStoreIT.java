package io.stepvault.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.embedded.EmbeddedS3;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.ObjectStoreContract;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

class S3ObjectStoreIT extends ObjectStoreContract {
    private static final String BUCKET = "captures";

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static EmbeddedS3 server;

    private final String prefix = "run/" + UUID.randomUUID() + "/";
    private final S3ObjectStore store = open(BUCKET, server.secretKey());

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
    protected ObjectStore store() {
        return store;
    }

    @Override
    protected String prefix() {
        return prefix;
    }

    private static S3Location location(String bucket, String parameters) {
        return S3Location.parse(URI.create("s3://" + bucket + "?endpoint=" + server.endpoint() + parameters));
    }

    S3Options.WritePath writePath() {
        return S3Options.WritePath.LEAN;
    }

    private S3ObjectStore open(String bucket, String secret) {
        return S3ObjectStore.open(location(bucket, ""), options(secret), 16);
    }

    private S3Options options(String secret) {
        return S3Options.defaults()
                .withWritePath(writePath())
                .withCredentials(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(server.accessKey(), secret)));
    }

    @Test
    void keepsContentTypeAndMetadata() {
        String key = key("page.html");
        store.put(new PutRequest(
                        key, "image/svg+xml", ByteBuffer.allocate(3), Map.of("stepvault-topic", "step-captures")))
                .join();

        try (var client = new S3Clients(location(BUCKET, ""), options(server.secretKey())).blocking()) {
            HeadObjectResponse head =
                    client.headObject(request -> request.bucket(BUCKET).key(key));
            assertThat(head.contentType()).isEqualTo("image/svg+xml");
            assertThat(head.metadata()).containsEntry("stepvault-topic", "step-captures");
        }
    }

    @Test
    void worksWithoutChecksums() throws Exception {
        S3Location plain = location(BUCKET, "&checksums=when-required&region=eu-central-1&path-style=true");
        try (S3ObjectStore other = S3ObjectStore.open(plain, options(server.secretKey()), 4)) {
            other.put(request("plain", ByteBuffer.wrap(new byte[] {'o', 'k'}))).join();
        }

        assertThat(text("plain")).isEqualTo("ok");
    }

    @Test
    void saysThatAccessIsDenied() {
        try (S3ObjectStore denied = open(BUCKET, "wrong")) {
            assertThatThrownBy(() ->
                            denied.put(request("a", ByteBuffer.allocate(0))).join())
                    .hasCauseInstanceOf(StoreAccessException.class)
                    .hasMessageContaining("s3://captures")
                    .hasMessageContaining(key("a"));
            assertThatThrownBy(() -> denied.put(request("a", ByteBuffer.allocate(1_000_000)))
                            .join())
                    .cause()
                    .as("this server hangs up on a body that it refuses, so its answer may be lost")
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            failure -> assertThat(failure.isOutage()).isTrue());
            assertThatThrownBy(() -> denied.get(key("a"))).isInstanceOf(StoreAccessException.class);
        }
    }

    @Test
    void saysThatTheBucketIsMissing() {
        try (S3ObjectStore missing = open("no-such-bucket", server.secretKey())) {
            assertThatThrownBy(() ->
                            missing.put(request("a", ByteBuffer.allocate(0))).join())
                    .hasCauseInstanceOf(StoreAccessException.class)
                    .hasMessageContaining("bucket is missing");
            assertThatThrownBy(() -> missing.get("a"))
                    .isInstanceOf(StoreAccessException.class)
                    .hasMessageContaining("bucket is missing");
        }
    }

    @Test
    void saysThatThereAreNoCredentials() {
        S3Options none = S3Options.defaults().withWritePath(writePath()).withCredentials(() -> {
            throw SdkClientException.create("nothing found");
        });
        try (S3ObjectStore anonymous = S3ObjectStore.open(location(BUCKET, ""), none, 4)) {
            assertThatThrownBy(() ->
                            anonymous.put(request("a", ByteBuffer.allocate(0))).join())
                    .hasCauseInstanceOf(StoreAccessException.class)
                    .hasMessageContaining("no credentials");
            assertThatThrownBy(() -> anonymous.head("a"))
                    .isInstanceOf(StoreAccessException.class)
                    .hasMessageContaining("no credentials");
            assertThatThrownBy(() -> anonymous.presign("a", false, Duration.ofMinutes(1)))
                    .isInstanceOf(StoreAccessException.class)
                    .hasMessageContaining("no credentials");
        }
    }

    @Test
    void callsAnUnreachableStoreATransientFailure() {
        try (EmbeddedS3 other = EmbeddedS3.builder().start()) {
            URI uri = URI.create("s3://captures?endpoint=" + other.endpoint());
            other.stop();
            try (S3ObjectStore down = S3ObjectStore.open(S3Location.parse(uri), options("any"), 4)) {
                assertThatThrownBy(() ->
                                down.put(request("a", ByteBuffer.allocate(0))).join())
                        .hasCauseInstanceOf(TransientStoreException.class);
                assertThatThrownBy(() -> down.head("a")).isInstanceOf(TransientStoreException.class);
            }
        }
    }
}
