package io.stepvault.storage.s3;

import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectRefusedException;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.storage.s3.wire.Answer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Tells what a failure of S3 means, by its code where there is one and by the HTTP status where not. Codes: Amazon S3
 * API Reference, "Error responses"; compatible stores use the same ones and add few. Immutable; safe for any thread.
 */
final class S3Errors {
    private static final Set<String> THROTTLED = Set.of(
            "SlowDown",
            "SlowDownRead",
            "SlowDownWrite",
            "Throttling",
            "ThrottlingException",
            "RequestLimitExceeded",
            "TooManyRequests",
            "ServiceUnavailable",
            "BandwidthLimitExceeded");
    private static final Set<String> TRANSIENT = Set.of(
            "InternalError",
            "OperationAborted",
            "ConditionalRequestConflict",
            "IncompleteBody",
            "BadDigest",
            "XAmzContentChecksumMismatch",
            "XAmzContentSHA256Mismatch");
    private static final Set<String> ACCESS = Set.of(
            "AuthorizationHeaderMalformed",
            "ExpiredToken",
            "InvalidToken",
            "InvalidAccessKeyId",
            "RequestTimeTooSkewed",
            "SignatureDoesNotMatch",
            "PermanentRedirect",
            "TemporaryRedirect",
            "IllegalLocationConstraintException",
            "InvalidBucketName",
            "InvalidRegion",
            "KMS.DisabledException",
            "KMS.KMSInvalidStateException",
            "KMS.NotFoundException",
            "QuotaExceeded");
    private static final Set<String> REFUSED = Set.of(
            "EntityTooLarge", "KeyTooLongError", "MetadataTooLarge", "RequestHeaderSectionTooLarge", "InvalidURI");

    private final String store;

    S3Errors(String store) {
        this.store = store;
    }

    /** Classifies what a call on {@code key} threw or completed with. */
    StoreException classified(String key, Throwable thrown) {
        Throwable failure =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (failure instanceof StoreException classified) {
            return classified;
        }
        if (failure instanceof AwsServiceException service) {
            return service(key, service);
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NoCredentialsException) {
                return new StoreAccessException(
                        store,
                        key,
                        "no credentials; give them as the AWS SDK's default chain finds them, for example"
                                + " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or a role",
                        failure);
            }
        }
        if (failure instanceof AbortedException) {
            return new TransientStoreException(store, key, "interrupted; try again", failure);
        }
        if (failure instanceof ApiCallTimeoutException || failure instanceof ApiCallAttemptTimeoutException) {
            return TransientStoreException.timedOut(store, key, failure);
        }
        if (failure instanceof SocketTimeoutException && !(failure instanceof ConnectTimeoutException)) {
            return TransientStoreException.timedOut(store, key, failure);
        }
        if (failure instanceof SdkClientException || failure instanceof IOException) {
            return new TransientStoreException(
                    store, key, "the store does not answer; check endpoint and network", failure);
        }
        return new TransientStoreException(
                store,
                key,
                "the call broke off (" + failure.getClass().getSimpleName() + "); check the network",
                failure);
    }

    /** Whether the store lacks what was asked of it altogether. */
    static boolean isNotImplemented(StoreException failure) {
        return failure.getCause() instanceof AwsServiceException e
                && (e.statusCode() == 501
                        || e.statusCode() == 405
                        || (e.awsErrorDetails() != null
                                && "NotImplemented".equals(e.awsErrorDetails().errorCode())));
    }

    private StoreException service(String key, AwsServiceException e) {
        String code = e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
                ? ""
                : e.awsErrorDetails().errorCode();
        return answered(key, e.statusCode(), code, e);
    }

    /** Classifies an answer that is an error. */
    StoreException answered(String key, Answer answer) {
        return answered(key, answer.status(), answer.code(), new S3AnswerException(answer));
    }

    private StoreException answered(String key, int status, String code, Throwable cause) {
        String said = "the store answered " + status + (code.isEmpty() ? "" : " " + code);
        if (THROTTLED.contains(code) || status == 429 || status == 503) {
            return TransientStoreException.throttled(store, key, cause);
        }
        if (code.equals("RequestTimeout") || status == 408) {
            return TransientStoreException.timedOut(store, key, cause);
        }
        if (REFUSED.contains(code) || status == 413 || status == 414) {
            return new ObjectRefusedException(store, key, said + ": it never takes this object as it is", cause);
        }
        if (code.equals("NoSuchBucket")) {
            return new StoreAccessException(store, key, "the bucket is missing; make it, or mend its name", cause);
        }
        if (code.equals("NoSuchKey")) {
            return new ObjectNotFoundException(store, key, cause);
        }
        if (ACCESS.contains(code)
                || status == 401
                || status == 403
                || status == 405
                || (status >= 300 && status < 400)) {
            return new StoreAccessException(
                    store, key, said + "; check credentials, rights, region and this machine's clock", cause);
        }
        if (code.equals("NotImplemented") || status == 501) {
            return new StoreAccessException(
                    store,
                    key,
                    said + ": it lacks something that is asked of it; if it is checksums, try checksums=when-required",
                    cause);
        }
        if (TRANSIENT.contains(code) || status >= 500 || status == 409) {
            return new TransientStoreException(store, key, said + "; try again", cause);
        }
        if (status == 404) {
            return new ObjectNotFoundException(store, key, cause);
        }
        return new ObjectRefusedException(
                store, key, said + "; if every object is refused, try checksums=when-required", cause);
    }
}
