package io.stepvault.storage.s3;

import io.stepvault.storage.object.ObjectWriter;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** Puts objects through the AWS SDK, always by one plain PUT. Safe for any thread. */
final class SdkObjectWriter implements ObjectWriter {
    private final S3AsyncClient client;
    private final String bucket;
    private final Duration callTimeout;
    private final S3Errors errors;

    SdkObjectWriter(S3AsyncClient client, String bucket, Duration callTimeout, S3Errors errors) {
        this.client = client;
        this.bucket = bucket;
        this.callTimeout = callTimeout;
        this.errors = errors;
    }

    @Override
    public CompletableFuture<Void> put(PutRequest request) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        CompletableFuture<PutObjectResponse> call;
        try {
            call = client.putObject(sdkRequest(request), AsyncRequestBody.fromByteBufferUnsafe(request.body()));
        } catch (RuntimeException e) {
            done.completeExceptionally(errors.classified(request.key(), e));
            return done;
        }
        // Ending the SDK's future ends the request: it does not go on in secret, holding the body.
        var unused = call.orTimeout(callTimeout.toMillis() + 1_000L * (request.size() >> 20), TimeUnit.MILLISECONDS)
                .whenComplete((response, failure) -> {
                    if (failure == null) {
                        done.complete(null);
                    } else {
                        done.completeExceptionally(classified(request.key(), failure));
                    }
                });
        return done;
    }

    private StoreException classified(String key, Throwable failure) {
        return failure instanceof TimeoutException ? errors.timedOut(key, failure) : errors.classified(key, failure);
    }

    private PutObjectRequest sdkRequest(PutRequest request) {
        return PutObjectRequest.builder()
                .bucket(bucket)
                .key(request.key())
                .contentType(request.contentType())
                .contentLength((long) request.size())
                .metadata(request.metadata())
                .build();
    }
}
