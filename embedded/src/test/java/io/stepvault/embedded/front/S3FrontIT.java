package io.stepvault.embedded.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.stepvault.embedded.EmbeddedS3;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What a real client of a real server sees through the front. */
class S3FrontIT {
    private static final String BUCKET = "captures";
    private static final String KEY = "sessions/s-1/steps/%2Fhome/page.html";
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedS3 s3;

    @SuppressWarnings("NullAway.Init") // set before each test
    private S3Front front;

    @SuppressWarnings("NullAway.Init") // set before each test
    private S3Client client;

    @SuppressWarnings("NullAway.Init") // set before each test
    private S3Client direct;

    @BeforeAll
    static void startServer() {
        s3 = EmbeddedS3.builder().start();
        s3.createBucket(BUCKET);
    }

    @AfterAll
    static void stopServer() {
        s3.close();
    }

    @BeforeEach
    void open() {
        s3.start();
        front = S3Front.before(s3.endpoint(), 1);
        client = client(front.endpoint(), CALL_TIMEOUT);
        direct = client(s3.endpoint(), CALL_TIMEOUT);
        direct.deleteObject(delete -> delete.bucket(BUCKET).key(KEY));
    }

    @AfterEach
    void close() {
        client.close();
        direct.close();
        front.close();
    }

    private static S3Client client(java.net.URI endpoint, Duration callTimeout) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(s3.accessKey(), s3.secretKey())))
                .httpClientBuilder(Apache5HttpClient.builder())
                .overrideConfiguration(override -> override.retryStrategy(DefaultRetryStrategy.doNotRetry())
                        .apiCallTimeout(callTimeout))
                .build();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static void put(S3Client through, byte[] body) {
        through.putObject(put -> put.bucket(BUCKET).key(KEY), RequestBody.fromBytes(body));
    }

    private static byte[] get(S3Client through) {
        return through.getObjectAsBytes(get -> get.bucket(BUCKET).key(KEY)).asByteArray();
    }

    private boolean isStored() {
        try {
            direct.headObject(head -> head.bucket(BUCKET).key(KEY));
            return true;
        } catch (NoSuchKeyException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20_000, 3_000_000})
    void passesOnWhatIsAskedAndAnswered(int length) {
        put(client, bytes(length));

        assertThat(get(client)).isEqualTo(bytes(length));
        assertThat(get(direct)).isEqualTo(bytes(length));
        assertThat(client.headObject(head -> head.bucket(BUCKET).key(KEY)).contentLength())
                .isEqualTo(length);
        assertThat(client.listObjectsV2(list -> list.bucket(BUCKET)).keyCount()).isPositive();
        client.deleteObject(delete -> delete.bucket(BUCKET).key(KEY));
        assertThat(isStored()).isFalse();
        assertThatThrownBy(() -> get(client)).isInstanceOf(NoSuchKeyException.class);
        assertThat(front.hits()).isEmpty();
    }

    @Test
    void passesOnBodiesInChunks() {
        byte[] body = bytes(300_000);

        client.putObject(
                put -> put.bucket(BUCKET).key(KEY),
                RequestBody.fromContentProvider(() -> new ByteArrayInputStream(body), "text/html"));

        assertThat(get(direct)).isEqualTo(body);
    }

    @Test
    void leavesSignaturesToTheServer() {
        try (S3Client stranger = S3Client.builder()
                .endpointOverride(front.endpoint())
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(s3.accessKey(), "wrong")))
                .httpClientBuilder(Apache5HttpClient.builder())
                .build()) {
            assertThatThrownBy(() -> get(stranger))
                    .isInstanceOfSatisfying(
                            S3Exception.class,
                            refusal -> assertThat(refusal.statusCode()).isEqualTo(403));
        }
    }

    @Test
    void answersWithErrorsInPlaceOfTheServer() {
        front.fault(S3Fault.INTERNAL_ERROR, 1);
        assertThatThrownBy(() -> put(client, bytes(2_000_000))).isInstanceOfSatisfying(S3Exception.class, failure -> {
            assertThat(failure.statusCode()).isEqualTo(500);
            assertThat(failure.awsErrorDetails().errorCode()).isEqualTo("InternalError");
        });

        front.fault(S3Fault.SLOW_DOWN, 1);
        assertThatThrownBy(() -> put(client, bytes(100))).isInstanceOfSatisfying(S3Exception.class, failure -> {
            assertThat(failure.statusCode()).isEqualTo(503);
            assertThat(failure.awsErrorDetails().errorCode()).isEqualTo("SlowDown");
        });

        front.fault(S3Fault.ACCESS_DENIED, 1);
        assertThatThrownBy(() -> client.headObject(head -> head.bucket(BUCKET).key(KEY)))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        failure -> assertThat(failure.statusCode()).isEqualTo(403));

        front.fault(S3Fault.NO_SUCH_BUCKET, 1);
        assertThatThrownBy(() -> get(client)).isInstanceOf(NoSuchBucketException.class);

        assertThat(isStored()).isFalse();
        front.heal();
        put(client, bytes(100));
        assertThat(isStored()).isTrue();
    }

    @Test
    void resetsAnUploadHalfWay() {
        front.fault(new S3Fault.ResetMidBody(), 1);

        assertThatThrownBy(() -> put(client, bytes(2_000_000))).isInstanceOf(SdkClientException.class);

        assertThat(front.hits()).containsOnlyKeys("reset in mid-body");
        assertThat(isStored()).isFalse();
    }

    @Test
    void resetsADownloadHalfWay() {
        put(client, bytes(2_000_000));
        front.fault(new S3Fault.ResetMidBody(), 1);

        assertThatThrownBy(() -> get(client)).isInstanceOf(SdkClientException.class);

        front.heal();
        assertThat(get(client)).isEqualTo(bytes(2_000_000));
    }

    @Test
    void losesTheAnswerOfWhatTheServerHasDone() {
        front.fault(new S3Fault.LostAnswer(), 1);

        assertThatThrownBy(() -> put(client, bytes(5_000))).isInstanceOf(SdkClientException.class);

        assertThat(get(direct)).isEqualTo(bytes(5_000));
    }

    @Test
    void neverAnswersFromABlackHole() {
        front.fault(new S3Fault.BlackHole(), 1);
        try (S3Client impatient = client(front.endpoint(), Duration.ofMillis(300))) {
            assertThatThrownBy(() -> put(impatient, bytes(5_000))).isInstanceOf(ApiCallTimeoutException.class);
        }

        assertThat(isStored()).isFalse();
    }

    @Test
    void takesItsTime() {
        front.fault(new S3Fault.Latency(Duration.ofMillis(200)), 1);
        long start = System.nanoTime();

        put(client, bytes(5_000));

        assertThat(System.nanoTime() - start)
                .isGreaterThanOrEqualTo(Duration.ofMillis(200).toNanos());
        assertThat(get(direct)).isEqualTo(bytes(5_000));
    }

    @Test
    void isASlowLine() {
        front.fault(new S3Fault.Bandwidth(200_000), 1);
        long start = System.nanoTime();

        put(client, bytes(100_000));

        assertThat(System.nanoTime() - start)
                .isGreaterThanOrEqualTo(Duration.ofMillis(500).toNanos());
        assertThat(get(direct)).isEqualTo(bytes(100_000));
    }

    @Test
    void troublesOnlyAShareOfTheRequests() {
        front.fault(S3Fault.INTERNAL_ERROR, 0.5);
        int failed = 0;
        for (int i = 0; i < 40; i++) {
            try {
                put(client, bytes(10));
            } catch (S3Exception e) {
                failed++;
            }
        }

        assertThat(failed).isBetween(5, 35);
        assertThat(front.hits()).containsEntry("500 InternalError", (long) failed);
    }

    @Test
    void hangsUpWhileTheServerIsAwayAndGoesOnAfterwards() {
        put(client, bytes(10));
        s3.stop();

        assertThatThrownBy(() -> get(client)).isInstanceOf(SdkClientException.class);

        s3.start();
        assertThat(get(client)).isEqualTo(bytes(10));
    }

    @Test
    void refusesConnectionsOnceClosed() {
        put(client, bytes(10));

        front.close();

        assertThatThrownBy(() -> get(client)).isInstanceOf(SdkClientException.class);
        await().atMost(CALL_TIMEOUT)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("s3-front")));
    }
}
