package io.stepvault.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.S3Exception;

class EmbeddedS3IT {
    private static final String BUCKET = "captures";
    private static final String KEY = "sessions/s-1/steps/%2Fhome/page.html";

    private final Path directory;

    EmbeddedS3IT(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void keepsWhatIsPut() {
        try (EmbeddedS3 s3 = EmbeddedS3.builder().start();
                S3Client client = client(s3.endpoint(), s3.accessKey(), s3.secretKey())) {
            s3.createBucket(BUCKET);
            byte[] page = new byte[3_000_000];
            page[2_999_999] = 1;

            client.putObject(put -> put.bucket(BUCKET).key(KEY).contentType("text/html"), RequestBody.fromBytes(page));

            var stored = client.getObjectAsBytes(get -> get.bucket(BUCKET).key(KEY));
            assertThat(stored.asByteArray()).isEqualTo(page);
            assertThat(stored.response().contentType()).isEqualTo("text/html");
            assertThat(client.listObjectsV2(list -> list.bucket(BUCKET).prefix("sessions/"))
                            .contents())
                    .singleElement()
                    .satisfies(object -> assertThat(object.key()).isEqualTo(KEY));
        }
    }

    @Test
    void refusesAWrongSecret() {
        try (EmbeddedS3 s3 =
                        EmbeddedS3.builder().credentials("crawler", "right").start();
                S3Client client = client(s3.endpoint(), "crawler", "wrong")) {
            s3.createBucket(BUCKET);

            assertThatThrownBy(() -> put(client, "value"))
                    .isInstanceOfSatisfying(
                            S3Exception.class,
                            refusal -> assertThat(refusal.statusCode()).isEqualTo(403));
        }
    }

    @Test
    void isGoneWhileStoppedAndBackWithItsDataAfterwards() {
        try (EmbeddedS3 s3 = EmbeddedS3.builder().start();
                S3Client client = client(s3.endpoint(), s3.accessKey(), s3.secretKey())) {
            s3.createBucket(BUCKET);
            put(client, "value");

            s3.stop();
            assertThatThrownBy(() -> get(client)).isInstanceOf(SdkClientException.class);

            s3.start();
            assertThat(get(client)).isEqualTo("value");
        }
    }

    @Test
    void goesOnWithTheBucketsInItsDirectory() {
        try (EmbeddedS3 s3 = EmbeddedS3.builder().directory(directory).start();
                S3Client client = client(s3.endpoint(), s3.accessKey(), s3.secretKey())) {
            s3.createBucket(BUCKET);
            put(client, "value");
        }

        try (EmbeddedS3 s3 = EmbeddedS3.builder().directory(directory).start();
                S3Client client = client(s3.endpoint(), s3.accessKey(), s3.secretKey())) {
            s3.createBucket(BUCKET);

            assertThat(get(client)).isEqualTo("value");
        }
    }

    @Test
    void keepsVersionsInMemory() {
        try (EmbeddedS3 s3 = EmbeddedS3.builder().start();
                S3Client client = client(s3.endpoint(), s3.accessKey(), s3.secretKey())) {
            s3.createBucket(BUCKET);
            client.putBucketVersioning(request -> request.bucket(BUCKET)
                    .versioningConfiguration(versioning -> versioning.status(BucketVersioningStatus.ENABLED)));

            put(client, "first");
            put(client, "second");

            assertThat(client.listObjectVersions(list -> list.bucket(BUCKET)).versions())
                    .hasSize(2);
        }
    }

    @Test
    void namesThePortThatIsInUse() throws Exception {
        try (ServerSocket other = new ServerSocket(FreePorts.pick(), 1, InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();

            assertThatThrownBy(() -> EmbeddedS3.builder().port(port).start())
                    .isInstanceOf(EmbeddedServerException.class)
                    .hasMessageContaining("127.0.0.1:" + port)
                    .hasMessageContaining("choose another port");
        }
    }

    @Test
    void refusesABucketNameThatLeavesTheDirectory() {
        try (EmbeddedS3 s3 = EmbeddedS3.builder().directory(directory).start()) {
            assertThatThrownBy(() -> s3.createBucket("../elsewhere")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> s3.createBucket("a..b")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void leavesNoThreadBehind() {
        Set<Thread> before = UserThreads.live();

        EmbeddedS3.builder().start().close();

        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(UserThreads.startedSince(before)).isEmpty());
    }

    private static void put(S3Client client, String value) {
        client.putObject(request -> request.bucket(BUCKET).key(KEY), RequestBody.fromString(value));
    }

    private static String get(S3Client client) {
        return client.getObjectAsBytes(request -> request.bucket(BUCKET).key(KEY))
                .asUtf8String();
    }

    private static S3Client client(URI endpoint, String accessKey, String secretKey) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)))
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
    }
}
