package io.stepvault.embedded;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;

/**
 * An S3-compatible server inside this JVM: S3Proxy over memory or a directory, on loopback, over plain HTTP. It checks
 * signatures (AWS version 4), checksums and conditional writes. Clients must use path-style addresses; any region
 * will do.
 *
 * <pre>{@code
 * try (EmbeddedS3 s3 = EmbeddedS3.builder().start()) {
 *     s3.createBucket("captures");
 *     S3Client client = S3Client.builder().endpointOverride(s3.endpoint()).forcePathStyle(true)...
 * }
 * }</pre>
 *
 * <p>Where it differs from S3: one key cannot be the folder of another ({@code a} and {@code a/b}: status 500), and
 * there are no lifecycle rules and no tags. Versioning works in memory only. Safe for use by several threads.
 */
public final class EmbeddedS3 implements AutoCloseable {
    /** S3's rule for bucket names, which also keeps a name from leaving the data directory. */
    private static final Pattern BUCKET_NAME = Pattern.compile("[a-z0-9](?!.*\\.\\.)[a-z0-9.-]{1,61}[a-z0-9]");

    private final BlobStore blobs;
    private final int port;
    private final String accessKey;
    private final String secretKey;
    private @Nullable S3Proxy server;

    private EmbeddedS3(BlobStore blobs, int port, String accessKey, String secretKey) {
        this.blobs = blobs;
        this.port = port;
        this.accessKey = accessKey;
        this.secretKey = secretKey;
    }

    /** In memory, on a free port and with a generated key pair, unless told otherwise. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where clients connect: {@code http://127.0.0.1:port}, the same after a restart. */
    public URI endpoint() {
        return URI.create("http://" + Loopback.HOST + ":" + port);
    }

    /** The access key id that clients sign with. */
    public String accessKey() {
        return accessKey;
    }

    /** The secret access key that clients sign with. */
    public String secretKey() {
        return secretKey;
    }

    /**
     * Creates a bucket, also while the server is stopped. A bucket that exists is left as it is.
     *
     * @throws IllegalArgumentException if S3 would not take the name
     */
    public void createBucket(String name) {
        if (!BUCKET_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no bucket name: expected 3 to 63 of a-z, 0-9, '.' and '-', "
                            + "a letter or digit at both ends, no two dots in a row");
        }
        try {
            blobs.createContainer(name);
        } catch (BucketAlreadyOwnedByYouException e) {
            // As wanted.
        }
    }

    /**
     * Starts answering again, on the same port and with the same data. Does nothing if it is running.
     *
     * @throws EmbeddedServerException if the port is in use
     */
    public synchronized void start() {
        if (server != null) {
            return;
        }
        Loopback.requireFree("The S3 server", port);
        S3Proxy starting = S3Proxy.builder()
                .blobStore(blobs)
                .endpoint(endpoint())
                .awsAuthentication(AuthenticationType.AWS_V4, accessKey, secretKey)
                .stopTimeout(0)
                .build();
        try {
            starting.start();
            server = starting;
        } catch (Exception e) {
            stop(starting, e);
            throw new EmbeddedServerException(
                    "The S3 server did not start on " + endpoint() + " (" + e + "): choose another port.", e);
        }
    }

    /** Makes an outage: breaks what is under way and refuses connections. Keeps the data and the port. */
    public synchronized void stop() {
        S3Proxy stopping = server;
        server = null;
        if (stopping != null) {
            try {
                stopping.stop();
            } catch (Exception e) {
                throw new EmbeddedServerException("The S3 server on " + endpoint() + " did not stop: " + e, e);
            }
        }
    }

    /** Stops the server and forgets what it kept in memory. Further calls do nothing. */
    @Override
    public void close() {
        try (blobs) {
            stop();
        }
    }

    private static void stop(S3Proxy failed, Exception failure) {
        try {
            failed.stop();
        } catch (Exception e) {
            failure.addSuppressed(e);
        }
    }

    /** Describes a server and starts it. Not thread-safe. */
    public static final class Builder {
        private @Nullable Path directory;
        private @Nullable String accessKey;
        private @Nullable String secretKey;
        private int port;

        private Builder() {}

        /** Keeps buckets as directories here, to go on with them at the next start; created if missing. */
        public Builder directory(Path path) {
            directory = path;
            return this;
        }

        /** The port to listen on. 0, the default, picks a free one. */
        public Builder port(int number) {
            if (number < 0 || number > 65_535) {
                throw new IllegalArgumentException("Expected a port from 0 to 65535, was " + number);
            }
            port = number;
            return this;
        }

        /** The key pair that clients must sign with; generated if not given. */
        public Builder credentials(String access, String secret) {
            if (access.isEmpty() || secret.isEmpty()) {
                throw new IllegalArgumentException("Expected an access key and a secret key, one of them is empty");
            }
            accessKey = access;
            secretKey = secret;
            return this;
        }

        /**
         * Starts the server and returns once it answers.
         *
         * @throws EmbeddedServerException if the port is in use or the directory cannot be used
         */
        public EmbeddedS3 start() {
            BlobStore blobs = directory == null ? new TransientNio2BlobStore() : filesUnder(directory);
            EmbeddedS3 s3 = new EmbeddedS3(
                    blobs,
                    port == 0 ? FreePorts.pick() : port,
                    accessKey == null ? randomHex(10) : accessKey,
                    secretKey == null ? randomHex(20) : secretKey);
            try {
                s3.start();
                return s3;
            } catch (RuntimeException e) {
                s3.close();
                throw e;
            }
        }

        private static BlobStore filesUnder(Path directory) {
            try {
                return new FilesystemNio2BlobStore(
                        Files.createDirectories(directory.toAbsolutePath()).toString());
            } catch (IOException e) {
                throw new EmbeddedServerException(
                        "Cannot keep buckets in " + directory + " (" + e + "): choose a directory that can be written.",
                        e);
            }
        }

        private static String randomHex(int bytes) {
            byte[] random = new byte[bytes];
            new SecureRandom().nextBytes(random);
            return HexFormat.of().formatHex(random);
        }
    }
}
