package io.stepvault.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** What each write path makes of a server's answers, and we of that. */
@ParameterizedClass
@EnumSource
class S3AnswersIT {
    private final S3Options options;

    private static final PutRequest OBJECT =
            new PutRequest("a/key", "text/plain", ByteBuffer.wrap(new byte[100_000]), Map.of());

    private final HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile int status;
    private volatile Headers headers = new Headers();
    private volatile String code = "";

    S3AnswersIT(S3Options.WritePath path) throws IOException {
        this.options = S3Options.defaults()
                .withWritePath(path)
                .withCredentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret-of-mine")));
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            headers = exchange.getRequestHeaders();
            exchange.getRequestBody().readAllBytes();
            byte[] body = code.isEmpty()
                    ? new byte[0]
                    : ("<Error><Code>" + code + "</Code><Message>m</Message></Error>").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/xml");
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource({
        "503, SlowDown, Transient",
        "503, '', Transient",
        "500, InternalError, Transient",
        "502, '', Transient",
        "429, '', Transient",
        "400, RequestTimeout, Transient",
        "400, BadDigest, Transient",
        "403, AccessDenied, StoreAccess",
        "403, '', StoreAccess",
        "401, '', StoreAccess",
        "403, InvalidAccessKeyId, StoreAccess",
        "400, ExpiredToken, StoreAccess",
        "400, AuthorizationHeaderMalformed, StoreAccess",
        "403, QuotaExceeded, StoreAccess",
        "404, NoSuchBucket, StoreAccess",
        "501, NotImplemented, StoreAccess",
        "400, EntityTooLarge, ObjectRefused",
        "400, KeyTooLongError, ObjectRefused",
        "413, '', ObjectRefused",
        "400, InvalidArgument, ObjectRefused",
        "404, NoSuchKey, ObjectNotFound",
    })
    void classifiesAnswersOnceForBothClients(int answeredStatus, String answeredCode, String expected) {
        status = answeredStatus;
        code = answeredCode;
        try (S3ObjectStore store =
                open("http://127.0.0.1:" + server.getAddress().getPort(), options)) {
            StoreException put = putFailure(store);
            int puts = requests.getAndSet(0);

            assertThat(put.getClass().getSimpleName()).startsWith(expected);
            assertThat(put.key()).isEqualTo("a/key");
            assertThat(put).hasMessageContaining("s3://bucket");
            assertThatThrownBy(() -> store.get("a/key")).hasSameClassAs(put);
            assertThat(puts).as("requests made by one put").isEqualTo(1);
            assertThat(requests).as("requests made by one get").hasValue(1);
        }
    }

    /** CRC32 of 100,000 zero bytes is D411957D (by zlib). */
    @Test
    void sendsAChecksumAsAHeaderAndOnlyIfItIsWanted() {
        status = 200;
        String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
        try (S3ObjectStore store = open(endpoint, options);
                S3ObjectStore plain = open(endpoint + "&checksums=when-required", options)) {
            store.put(OBJECT).join();
            assertThat(headers.getFirst("x-amz-checksum-crc32")).isEqualTo("1BGVfQ==");
            assertThat(headers).doesNotContainKeys("X-amz-trailer", "Content-encoding");

            plain.put(OBJECT).join();
            assertThat(headers).doesNotContainKeys("X-amz-checksum-crc32", "X-amz-trailer", "Content-encoding");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "503, SlowDown, true, true",
        "429, '', true, true",
        "400, RequestTimeout, false, true",
        "500, InternalError, false, false"
    })
    void tellsOverloadFromOtherFailures(
            int answeredStatus, String answeredCode, boolean isThrottled, boolean isOverload) {
        status = answeredStatus;
        code = answeredCode;
        try (S3ObjectStore store =
                open("http://127.0.0.1:" + server.getAddress().getPort(), options)) {
            assertThat(putFailure(store)).isInstanceOfSatisfying(TransientStoreException.class, failure -> {
                assertThat(failure.isThrottled()).isEqualTo(isThrottled);
                assertThat(failure.isOverload()).isEqualTo(isOverload);
            });
        }
    }

    @Test
    void givesUpOnAServerThatNeverAnswers() throws IOException {
        S3Options hasty = options.withTimeouts(Duration.ofMillis(300), Duration.ofMillis(300));
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                S3ObjectStore store = open("http://127.0.0.1:" + silent.getLocalPort(), hasty)) {
            assertThat(putFailure(store))
                    .isInstanceOfSatisfying(
                            TransientStoreException.class,
                            failure -> assertThat(failure.isOverload()).isTrue());
            assertThatThrownBy(() -> store.head("a/key")).isInstanceOf(TransientStoreException.class);
        }
    }

    @Test
    void neverShowsCredentials() {
        status = 403;
        code = "SignatureDoesNotMatch";
        try (S3ObjectStore store =
                open("http://127.0.0.1:" + server.getAddress().getPort(), options)) {
            for (Throwable shown = putFailure(store); shown != null; shown = shown.getCause()) {
                assertThat(shown.toString()).doesNotContain("secret-of-mine");
            }
            assertThat(options.toString()).doesNotContain("secret-of-mine");
        }
    }

    private static S3ObjectStore open(String endpoint, S3Options options) {
        return S3ObjectStore.open(S3Location.parse(URI.create("s3://bucket?endpoint=" + endpoint)), options, 4);
    }

    private static StoreException putFailure(S3ObjectStore store) {
        try {
            store.put(OBJECT).join();
            throw new AssertionError("the put should fail");
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(StoreException.class);
            return (StoreException) e.getCause();
        }
    }
}
