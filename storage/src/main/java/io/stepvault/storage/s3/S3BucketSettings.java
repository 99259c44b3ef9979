package io.stepvault.storage.s3;

import io.stepvault.storage.object.BucketRule;
import io.stepvault.storage.object.BucketSettings;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.GetBucketLifecycleConfigurationResponse;
import software.amazon.awssdk.services.s3.model.LifecycleRule;

/** A bucket's lifecycle rules and versioning. Safe for any thread. */
final class S3BucketSettings implements BucketSettings {
    private final String bucket;
    private final S3Calls s3;

    S3BucketSettings(String bucket, S3Calls s3) {
        this.bucket = bucket;
        this.s3 = s3;
    }

    @Override
    public Versioning versioning() {
        try {
            BucketVersioningStatus status = s3.call(
                            "", client -> client.getBucketVersioning(request -> request.bucket(bucket)))
                    .status();
            if (status == BucketVersioningStatus.ENABLED) {
                return Versioning.ON;
            }
            return status == BucketVersioningStatus.SUSPENDED ? Versioning.SUSPENDED : Versioning.OFF;
        } catch (StoreException e) {
            if (S3Errors.isNotImplemented(e)) {
                return Versioning.UNSUPPORTED;
            }
            throw e;
        }
    }

    @Override
    public void enableVersioning() {
        try {
            var unused = s3.call(
                    "",
                    client -> client.putBucketVersioning(request -> request.bucket(bucket)
                            .versioningConfiguration(versioning -> versioning.status(BucketVersioningStatus.ENABLED))));
        } catch (StoreException e) {
            throw S3Errors.isNotImplemented(e)
                    ? new StoreAccessException(e.store(), "", "this store keeps no versions of objects", e)
                    : e;
        }
    }

    @Override
    public Optional<List<RuleSummary>> rules() {
        try {
            return Optional.of(
                    configuration().rules().stream().map(BucketRules::summary).toList());
        } catch (StoreException e) {
            if (S3Errors.isNotImplemented(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void replaceRules(Set<String> replaced, List<BucketRule> rules) {
        try {
            GetBucketLifecycleConfigurationResponse before = configuration();
            List<LifecycleRule> merged = BucketRules.merged(before.rules(), replaced, rules);
            if (merged.equals(before.rules())) {
                return;
            }
            put(before, merged);
        } catch (StoreException e) {
            throw S3Errors.isNotImplemented(e)
                    ? new StoreAccessException(e.store(), "", "this store has no lifecycle rules", e)
                    : e;
        }
    }

    private void put(GetBucketLifecycleConfigurationResponse before, List<LifecycleRule> merged) {
        if (merged.isEmpty()) {
            var unused = s3.call("", client -> client.deleteBucketLifecycle(request -> request.bucket(bucket)));
            return;
        }
        if (merged.size() > BucketRules.MAX_RULES) {
            throw new StoreAccessException(
                    "s3://" + bucket,
                    "",
                    "the bucket would have " + merged.size() + " lifecycle rules, and S3 takes " + BucketRules.MAX_RULES
                            + "; nothing was changed; remove some first",
                    null);
        }
        var unused = s3.call(
                "",
                client -> client.putBucketLifecycleConfiguration(request -> request.bucket(bucket)
                        // Left out, S3 would set it to its default.
                        .transitionDefaultMinimumObjectSize(before.transitionDefaultMinimumObjectSizeAsString())
                        .lifecycleConfiguration(configuration -> configuration.rules(merged))));
    }

    /** What the bucket has; nothing is an error to S3. */
    private GetBucketLifecycleConfigurationResponse configuration() {
        try {
            return s3.call("", client -> client.getBucketLifecycleConfiguration(request -> request.bucket(bucket)));
        } catch (StoreException e) {
            if (e.getCause() instanceof AwsServiceException said
                    && said.awsErrorDetails() != null
                    && "NoSuchLifecycleConfiguration"
                            .equals(said.awsErrorDetails().errorCode())) {
                return GetBucketLifecycleConfigurationResponse.builder().build();
            }
            throw e;
        }
    }
}
