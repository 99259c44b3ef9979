package io.stepvault.worker;

import io.stepvault.embedded.EmbeddedS3;
import io.stepvault.storage.ObjectStepStore;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.storage.s3.S3Location;
import io.stepvault.storage.s3.S3ObjectStore;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** A bucket on an S3 server of its own, which can be stopped, and a watch on what workers write to it. */
final class TestBucket implements AutoCloseable {
    private static final String NAME = "captures";
    private static final String PREFIX = "crawls";

    final EmbeddedS3 s3;
    final StoreWatch watch = new StoreWatch();

    private final AtomicReference<String> secret;

    private TestBucket(EmbeddedS3 s3) {
        this.s3 = s3;
        this.secret = new AtomicReference<>(s3.secretKey());
    }

    /** A server without the bucket. */
    static TestBucket missing() {
        return new TestBucket(EmbeddedS3.builder().start());
    }

    static TestBucket create() {
        TestBucket bucket = missing();
        bucket.make();
        return bucket;
    }

    void make() {
        s3.createBucket(NAME);
    }

    /** From now on the workers of this JVM sign with another secret key. */
    void signWith(String other) {
        secret.set(other);
    }

    URI uri() {
        return uri(s3.endpoint());
    }

    /** The bucket at another door of its server. */
    URI uri(URI endpoint) {
        return URI.create("s3://" + NAME + "/" + PREFIX + "?endpoint=" + endpoint);
    }

    /** The environment in which a process of its own finds its credentials. */
    Map<String, String> environment() {
        return Map.of("AWS_ACCESS_KEY_ID", s3.accessKey(), "AWS_SECRET_ACCESS_KEY", s3.secretKey());
    }

    /** For a worker of this JVM. */
    StepStore watched(StoreOptions options) {
        return watched(uri(), options);
    }

    StepStore watched(URI at, StoreOptions options) {
        AwsCredentialsProvider credentials = () -> AwsBasicCredentials.create(s3.accessKey(), secret.get());
        return new ObjectStepStore(
                watch.over(S3ObjectStore.open(
                        S3Location.parse(at), options.s3().withCredentials(credentials), options.maxPutsInFlight())),
                PREFIX,
                options);
    }

    /** To see what is there. */
    StepStore reader() {
        return watched(uri(), StoreOptions.defaults());
    }

    @Override
    public void close() {
        s3.close();
    }
}
