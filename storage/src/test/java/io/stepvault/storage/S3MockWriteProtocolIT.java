package io.stepvault.storage;

import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.s3.S3Location;
import io.stepvault.storage.s3.S3ObjectStore;
import io.stepvault.storage.s3.S3Options;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Both write paths against another server than {@link S3WriteProtocolIT}'s. */
@ParameterizedClass
@EnumSource
class S3MockWriteProtocolIT extends WriteProtocolContract {
    @SuppressWarnings("NullAway.Init") // started before all tests
    private static S3Mock server;

    private final String prefix = "run/" + UUID.randomUUID() + "/";
    private final ObjectStore objects;

    S3MockWriteProtocolIT(S3Options.WritePath path) {
        this.objects = S3ObjectStore.open(
                S3Location.parse(URI.create("s3://" + S3Mock.BUCKET + "?endpoint=" + server.endpoint())),
                S3Options.defaults()
                        .withWritePath(path)
                        .withCredentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any"))),
                16);
    }

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        server = new S3Mock(directory);
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
