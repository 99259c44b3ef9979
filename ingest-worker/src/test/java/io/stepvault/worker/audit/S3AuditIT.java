package io.stepvault.worker.audit;

import io.stepvault.embedded.EmbeddedS3;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.s3.S3Location;
import io.stepvault.storage.s3.S3ObjectStore;
import io.stepvault.storage.s3.S3Options;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Over a server that speaks S3, and tells the checksums that came with puts. */
class S3AuditIT extends AuditContract {
    @SuppressWarnings("NullAway.Init") // started before all tests
    private static EmbeddedS3 server;

    private final String prefix = "run/" + UUID.randomUUID();
    private final ObjectStore objects = S3ObjectStore.open(
            S3Location.parse(URI.create("s3://captures?endpoint=" + server.endpoint())),
            S3Options.defaults()
                    .withCredentials(StaticCredentialsProvider.create(
                            AwsBasicCredentials.create(server.accessKey(), server.secretKey()))),
            16);

    @BeforeAll
    static void start() {
        server = EmbeddedS3.builder().start();
        server.createBucket("captures");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void close() {
        objects.close();
    }

    @Override
    ObjectStore objects() {
        return objects;
    }

    @Override
    String prefix() {
        return prefix;
    }

    @Override
    boolean keepsChecksums() {
        return true;
    }
}
