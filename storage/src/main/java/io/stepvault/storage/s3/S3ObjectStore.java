package io.stepvault.storage.s3;

import io.stepvault.storage.object.ByteRange;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectPage;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.ObjectWriter;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreException;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.S3AsyncClient;
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
    private final S3Client client;
    private final S3AsyncClient puttingClient;
    private final ObjectWriter writer;
    private final String bucket;
    private final S3Errors errors;

    private S3ObjectStore(S3Client client, S3AsyncClient puttingClient, String bucket, S3Options options) {
        this.client = client;
        this.puttingClient = puttingClient;
        this.bucket = bucket;
        this.errors = new S3Errors(location().toString());
        this.writer = new SdkObjectWriter(puttingClient, bucket, options.callTimeout(), errors);
    }

    /**
     * Opens the location's bucket, without asking it anything.
     *
     * @param maxPutsInFlight how many puts the caller will make at once
     * @throws IllegalArgumentException if the region is not known
     */
    public static S3ObjectStore open(S3Location location, S3Options options, int maxPutsInFlight) {
        S3Clients clients = new S3Clients(location, options);
        S3Client blocking = clients.blocking();
        try {
            return new S3ObjectStore(blocking, clients.putting(maxPutsInFlight), location.bucket(), options);
        } catch (RuntimeException e) {
            blocking.close();
            throw e;
        }
    }

    @Override
    public CompletableFuture<Void> put(PutRequest request) {
        return writer.put(request);
    }

    @Override
    public InputStream get(String key, Optional<ByteRange> range) {
        GetObjectRequest.Builder request =
                GetObjectRequest.builder().bucket(bucket).key(key);
        range.ifPresent(
                bytes -> request.range("bytes=" + bytes.offset() + "-" + (bytes.offset() + bytes.length() - 1)));
        return call(key, () -> client.getObject(request.build()));
    }

    @Override
    public Optional<ObjectInfo> head(String key) {
        try {
            HeadObjectResponse head = call(
                    key,
                    () -> client.headObject(request -> request.bucket(bucket).key(key)));
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
        ListObjectsV2Response page = call(request.prefix(), () -> client.listObjectsV2(sdkRequest.build()));
        return new ObjectPage(
                page.contents().stream()
                        .map(object -> new ObjectInfo(object.key(), object.size(), object.lastModified()))
                        .toList(),
                page.commonPrefixes().stream().map(CommonPrefix::prefix).toList(),
                Boolean.TRUE.equals(page.isTruncated()));
    }

    @Override
    public void delete(String key) {
        call(key, () -> client.deleteObject(request -> request.bucket(bucket).key(key)));
    }

    private <T> T call(String key, Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            StoreException classified = errors.classified(key, e);
            throw classified;
        }
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
    public void close() {
        puttingClient.close();
        client.close();
    }
}
