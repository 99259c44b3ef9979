package io.stepvault.worker.config;

import java.net.URI;
import java.net.URISyntaxException;

/** The form of {@code store.uri}. Whether there is such a store, and what its query may say, is the store's matter. */
final class StoreUri {
    /** With two ids of 240 characters, a prefix of this length still fits an S3 key of 1,024. */
    private static final int MAX_PREFIX_LENGTH = 200;

    static final ValueType<URI> TYPE = new ValueType<>(
            "`s3://bucket/prefix` or `file:///directory`",
            StoreUri::parse,
            URI::toString,
            uri -> problem(uri).isEmpty());

    private StoreUri() {}

    private static URI parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is not a URI; write s3://bucket/prefix or file:///directory", e);
        }
        String problem = problem(uri);
        if (!problem.isEmpty()) {
            throw new IllegalArgumentException(problem);
        }
        return uri;
    }

    private static String problem(URI uri) {
        String scheme = uri.getScheme();
        if ("s3".equalsIgnoreCase(scheme)) {
            return s3Problem(uri);
        }
        if ("file".equalsIgnoreCase(scheme)) {
            return fileProblem(uri);
        }
        return "is not a store; write s3://bucket/prefix or file:///directory";
    }

    private static String s3Problem(URI uri) {
        if (uri.getRawAuthority() == null) {
            return "names no bucket; write s3://bucket/prefix";
        }
        if (uri.getRawAuthority().contains("@")) {
            return "must not hold credentials; the AWS SDK finds them in its usual places";
        }
        if (uri.getPath().length() - 1 > MAX_PREFIX_LENGTH) {
            return "has a prefix of over " + MAX_PREFIX_LENGTH + " characters; S3 keys would get too long";
        }
        return "";
    }

    private static String fileProblem(URI uri) {
        if (uri.getRawAuthority() != null) {
            return "has two slashes, so that its first directory reads as a host; write file:///directory";
        }
        if (uri.isOpaque() || uri.getPath().length() < 2) {
            return "is not an absolute directory; write file:///directory";
        }
        return "";
    }
}
