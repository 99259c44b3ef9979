package io.stepvault.storage;

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
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

@ParameterizedClass
@EnumSource
class S3WriteProtocolIT extends WriteProtocolContract {
    @SuppressWarnings("NullAway.Init") // started before all tests
    private static EmbeddedS3 server;

    private final String prefix = "run/" + UUID.randomUUID() + "/";
    private final ObjectStore objects;

    S3WriteProtocolIT(S3Options.WritePath path) {
        this.objects = S3ObjectStore.open(
                S3Location.parse(URI.create("s3://captures?endpoint=" + server.endpoint())),
                S3Options.defaults()
                        .withWritePath(path)
                        .withCredentials(StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(server.accessKey(), server.secretKey()))),
                16);
    }

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
}
