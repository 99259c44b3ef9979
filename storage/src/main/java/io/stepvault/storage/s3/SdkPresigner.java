package io.stepvault.storage.s3;

import io.stepvault.storage.object.ObjectPresigner;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Signs URLs through the AWS SDK, whose presigner it makes for the first one. Safe for any thread. */
final class SdkPresigner implements AutoCloseable {
    private final Supplier<S3Presigner> newPresigner;
    private final String bucket;
    private final S3Errors errors;
    // Guarded by this.
    private @Nullable S3Presigner presigner;
    private boolean closed;

    SdkPresigner(Supplier<S3Presigner> newPresigner, String bucket, S3Errors errors) {
        this.newPresigner = newPresigner;
        this.bucket = bucket;
        this.errors = errors;
    }

    URI presign(String key, boolean asAttachment, Duration validFor) {
        if (validFor.compareTo(ObjectPresigner.MIN_VALIDITY) < 0
                || validFor.compareTo(ObjectPresigner.MAX_VALIDITY) > 0
                || !validFor.equals(validFor.truncatedTo(ChronoUnit.SECONDS))) {
            throw new IllegalArgumentException(
                    "a presigned URL is valid for 1 s to 7 days, in whole seconds, not for " + validFor);
        }
        GetObjectRequest.Builder get = GetObjectRequest.builder().bucket(bucket).key(key);
        if (asAttachment) {
            get.responseContentDisposition("attachment");
        }
        try {
            return URI.create(open(key)
                    .presignGetObject(
                            request -> request.signatureDuration(validFor).getObjectRequest(get.build()))
                    .url()
                    .toExternalForm());
        } catch (RuntimeException e) {
            StoreException classified = errors.classified(key, e);
            throw classified;
        }
    }

    private synchronized S3Presigner open(String key) {
        if (closed) {
            throw new TransientStoreException("s3://" + bucket, key, "the store is closed; open it again", null);
        }
        if (presigner == null) {
            presigner = newPresigner.get();
        }
        return presigner;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (presigner != null) {
            presigner.close();
        }
    }
}
