package io.stepvault.storage.s3;

import io.stepvault.storage.object.BucketSettings;
import io.stepvault.storage.object.ByteRange;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectChecksums;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectPage;
import io.stepvault.storage.object.ObjectRefusedException;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.ObjectVersions;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.storage.object.UnfinishedUploads;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/**
 * A bucket of S3 or of a compatible store. It needs no more than PUT, GET, HEAD, LIST version 2 and DELETE. Safe for any
 * thread.
 */
public final class S3ObjectStore implements ObjectStore {
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final String bucket;
    private final S3Errors errors;
    private final SdkPresigner presigner;
    private final Supplier<S3Client> newClient;
    private final Supplier<S3Writer> newWriter;
    // Guarded by this. Made by the first put, and by the first other call: who only reads starts no threads, and who
    // only writes by the lean path loads no client of the SDK, which takes megabytes.
    private @Nullable S3Writer writer;
    private @Nullable S3Client client;
    private boolean closed;

    private S3ObjectStore(S3Clients clients, S3Location location, int maxPutsInFlight) {
        this.bucket = location.bucket();
        this.errors = new S3Errors(location().toString());
        this.presigner = new SdkPresigner(clients::presigning, bucket, errors);
        this.newClient = clients::blocking;
        this.newWriter = () -> clients.writer(maxPutsInFlight, errors);
    }

    /**
     * Opens the location's bucket, without asking it anything.
     *
     * @param maxPutsInFlight how many puts the caller will make at once
     * @throws IllegalArgumentException if the region is not known
     */
    public static S3ObjectStore open(S3Location location, S3Options options, int maxPutsInFlight) {
        return new S3ObjectStore(new S3Clients(location, options), location, maxPutsInFlight);
    }

    @Override
    public CompletableFuture<Void> put(PutRequest request) {
        return writer().map(open -> open.put(request))
                .orElseGet(() -> CompletableFuture.failedFuture(closedException(request.key())));
    }

    @Override
    public CompletableFuture<Boolean> exists(String key) {
        return writer().map(open -> open.exists(key))
                .orElseGet(() -> CompletableFuture.failedFuture(closedException(key)));
    }

    private TransientStoreException closedException(String key) {
        return new TransientStoreException(location().toString(), key, "the store is closed; open it again", null);
    }

    private synchronized S3Client client(String key) {
        if (closed) {
            throw closedException(key);
        }
        if (client == null) {
            client = newClient.get();
        }
        return client;
    }

    /** Empty once the store is closed. */
    private synchronized Optional<S3Writer> writer() {
        if (writer == null && !closed) {
            writer = newWriter.get();
        }
        return Optional.ofNullable(closed ? null : writer);
    }

    @Override
    public InputStream get(String key, Optional<ByteRange> range) {
        GetObjectRequest.Builder request =
                GetObjectRequest.builder().bucket(bucket).key(key);
        range.ifPresent(
                bytes -> request.range("bytes=" + bytes.offset() + "-" + (bytes.offset() + bytes.length() - 1)));
        try {
            return new ObjectBody(call(key, client -> client.getObject(request.build())));
        } catch (ObjectRefusedException e) {
            if (e.getCause() instanceof AwsServiceException answer && answer.statusCode() == RANGE_NOT_SATISFIABLE) {
                throw new IllegalArgumentException("the range begins past the end of " + key, e);
            }
            throw e;
        }
    }

    @Override
    public Optional<ObjectInfo> head(String key) {
        try {
            HeadObjectResponse head = call(
                    key,
                    client ->
                            client.headObject(request -> request.bucket(bucket).key(key)));
            return Optional.of(new ObjectInfo(key, head.contentLength(), head.lastModified()));
        } catch (ObjectNotFoundException e) {
            return Optional.empty();
        }
    }

    @Override
    public ObjectPage list(ListRequest request) {
        ListObjectsV2Request.Builder sdkRequest = ListObjectsV2Request.builder()
                .bucket(bucket)
                .prefix(request.prefix())
                .maxKeys(request.max());
        request.startAfter().ifPresent(sdkRequest::startAfter);
        if (request.byDirectory()) {
            sdkRequest.delimiter("/");
        }
        ListObjectsV2Response page = call(request.prefix(), client -> client.listObjectsV2(sdkRequest.build()));
        return new ObjectPage(
                page.contents().stream()
                        .map(object -> new ObjectInfo(object.key(), object.size(), object.lastModified()))
                        .toList(),
                page.commonPrefixes().stream().map(CommonPrefix::prefix).toList(),
                Boolean.TRUE.equals(page.isTruncated()));
    }

    @Override
    public void delete(String key) {
        call(
                key,
                client -> client.deleteObject(request -> request.bucket(bucket).key(key)));
    }

    @Override
    public Optional<UnfinishedUploads> unfinishedUploads() {
        return Optional.of(new S3Uploads(bucket, this::call));
    }

    @Override
    public Optional<ObjectVersions> versions() {
        return Optional.of(new S3Versions(bucket, this::call));
    }

    @Override
    public Optional<BucketSettings> settings() {
        return Optional.of(new S3BucketSettings(bucket, this::call));
    }

    @Override
    public Optional<ObjectChecksums> checksums() {
        return Optional.of(new S3Checksums(bucket, this::call));
    }

    private <T> T call(String key, Function<S3Client, T> call) {
        try {
            return call.apply(client(key));
        } catch (RuntimeException e) {
            StoreException classified = errors.classified(key, e);
            throw classified;
        }
    }

    @Override
    public Optional<URI> presign(String key, boolean asAttachment, Duration validFor) {
        return Optional.of(presigner.presign(key, asAttachment, validFor));
    }

    /** The key to the letter, as S3 tools take it. */
    @Override
    public URI uriOf(String key) {
        return URI.create("s3://" + bucket + "/" + key);
    }

    @Override
    public URI location() {
        return URI.create("s3://" + bucket);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (writer != null) {
            writer.close();
        }
        if (client != null) {
            client.close();
        }
        presigner.close();
    }
}
