package io.stepvault.storage.s3;

import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Finds out where a bucket takes requests, by asking the SDK for a signed URL: so its rules for endpoints, regions and
 * their settings hold, and we need none of our own. Safe for any thread.
 */
final class BucketEndpoint {
    private static final Pattern REGION_OF_SCOPE =
            Pattern.compile("X-Amz-Credential=[^&]*?%2F\\d{8}%2F([^&%]+)%2Fs3%2F");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,64}");
    private static final String ANY_KEY = "x";

    private final Function<Optional<String>, S3Presigner> presigners;
    private final String bucket;
    private volatile @Nullable Endpoint known;

    /** For the presigners that are made of a region, or of the one that is configured. */
    BucketEndpoint(Function<Optional<String>, S3Presigner> presigners, String bucket) {
        this.presigners = presigners;
        this.bucket = bucket;
    }

    /** Asked once; may wait for credentials. */
    Endpoint get() {
        Endpoint endpoint = known;
        if (endpoint == null) {
            endpoint = ask(Optional.empty());
            known = endpoint;
        }
        return endpoint;
    }

    /**
     * The bucket is in another region. Whether that was news: if not, asking there again leads nowhere.
     *
     * @param wrong where it was looked for
     */
    boolean isIn(String region, Endpoint wrong) {
        if (region.equals(wrong.region()) || !REGION.matcher(region).matches()) {
            return false;
        }
        known = ask(Optional.of(region));
        return true;
    }

    private Endpoint ask(Optional<String> region) {
        try (S3Presigner presigner = presigners.apply(region)) {
            URL url = presigner
                    .presignPutObject(presign -> presign.signatureDuration(Duration.ofMinutes(1))
                            .putObjectRequest(put -> put.bucket(bucket).key(ANY_KEY)))
                    .url();
            Matcher scope = REGION_OF_SCOPE.matcher(url.getQuery());
            String path = url.getPath();
            if (!scope.find() || !path.endsWith(ANY_KEY)) {
                throw new IllegalStateException("requests to the bucket " + bucket
                        + " are signed in a way that the lean write path does not know; set store.s3.write-path=sdk");
            }
            URI root = URI.create(url.getProtocol() + "://" + url.getAuthority()
                    + path.substring(0, path.length() - ANY_KEY.length()));
            return Endpoint.of(root, scope.group(1));
        }
    }
}
