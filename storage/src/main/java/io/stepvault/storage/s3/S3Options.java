package io.stepvault.storage.s3;

import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * What concerns S3 only.
 *
 * @param credentials where credentials come from. Empty: the AWS SDK's default chain
 * @param connectTimeout for making a connection
 * @param callTimeout for a call from start to end; a put gets a second more per MiB, so that a large object on a slow
 *     line is late rather than never stored
 * @param writePath what puts objects
 */
public record S3Options(
        Optional<AwsCredentialsProvider> credentials,
        Duration connectTimeout,
        Duration callTimeout,
        WritePath writePath) {

    /** What puts objects. What they are in the store, and what their failures mean, is the same either way. */
    public enum WritePath {
        /** Our own signature over Apache's HTTP: a fraction of the SDK's cost. */
        LEAN,
        /** The AWS SDK. */
        SDK
    }

    /** Checks the bounds. */
    public S3Options {
        if (connectTimeout.toMillis() < 1 || callTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("timeouts are at least 1 ms");
        }
    }

    /** The SDK's default chain of credentials, 5 s to connect, 30 s a call, the lean write path. */
    public static S3Options defaults() {
        return new S3Options(Optional.empty(), Duration.ofSeconds(5), Duration.ofSeconds(30), WritePath.LEAN);
    }

    /** The same with credentials from elsewhere. */
    public S3Options withCredentials(AwsCredentialsProvider provider) {
        return new S3Options(Optional.of(provider), connectTimeout, callTimeout, writePath);
    }

    /** The same with other timeouts. */
    public S3Options withTimeouts(Duration connect, Duration call) {
        return new S3Options(credentials, connect, call, writePath);
    }

    /** The same with another write path. */
    public S3Options withWritePath(WritePath path) {
        return new S3Options(credentials, connectTimeout, callTimeout, path);
    }
}
