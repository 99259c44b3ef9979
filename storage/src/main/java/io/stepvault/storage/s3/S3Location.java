package io.stepvault.storage.s3;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A place in S3 or a compatible store, and how to reach it.
 *
 * @param bucket name of the bucket
 * @param prefix what keys begin with, without slashes at its ends; may be empty
 * @param endpoint where the server is; empty for AWS itself
 * @param region empty: as the SDK finds it, or {@code us-east-1} where there is an endpoint
 * @param pathStyle whether the bucket is named in the path rather than in the host
 * @param checksums how many checksums to send and to ask for
 * @param caFile certificates in PEM of those who may vouch for the server; empty: whom the JVM trusts
 */
public record S3Location(
        String bucket,
        String prefix,
        Optional<URI> endpoint,
        Optional<String> region,
        boolean pathStyle,
        Checksums checksums,
        Optional<Path> caFile) {

    /** When requests carry checksums, and answers are asked for them. */
    public enum Checksums {
        /** Wherever S3 has them: a CRC32 header on puts, and the SDK's default for all else. */
        WHEN_SUPPORTED,
        /** Only where S3 demands them, for servers that refuse what they don't know. */
        WHEN_REQUIRED
    }

    private static final Pattern UNUSUAL = Pattern.compile(".*--(x-s3|op-s3)");
    private static final Pattern BUCKET = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{1,254}");
    private static final Pattern REGION = Pattern.compile("[a-zA-Z0-9-]{1,64}");
    private static final Set<String> PARAMETERS =
            new TreeSet<>(Set.of("endpoint", "region", "path-style", "checksums", "ca-file"));

    /**
     * Whether puts go by the SDK whatever is chosen: directory buckets want a session, and buckets on Outposts a signature
     * of their own.
     */
    public boolean isUnusual() {
        return UNUSUAL.matcher(bucket).matches();
    }

    /**
     * Reads {@code s3://bucket/prefix?endpoint=...&region=...&path-style=...&checksums=...&ca-file=...}.
     *
     * @throws IllegalArgumentException if something is wrong with it; the message says what, and never quotes what
     *     might be a secret
     */
    public static S3Location parse(URI uri) {
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        if (authority.contains("@")) {
            throw new IllegalArgumentException(
                    "an s3: URI holds no credentials; give them as the AWS SDK's default chain"
                            + " finds them, for example AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
        }
        if (!BUCKET.matcher(authority).matches()) {
            throw new IllegalArgumentException("an s3: URI begins with a bucket's name: s3://bucket/prefix");
        }
        if (uri.getRawFragment() != null) {
            throw new IllegalArgumentException("an s3: URI has no fragment (#); parameters follow a question mark");
        }
        Map<String, String> parameters = parameters(uri);
        Optional<URI> endpoint = Optional.ofNullable(parameters.get("endpoint")).map(S3Location::endpoint);
        boolean pathStyle = Optional.ofNullable(parameters.get("path-style"))
                .map(S3Location::truth)
                .orElse(endpoint.isPresent());
        Checksums checksums = Optional.ofNullable(parameters.get("checksums"))
                .map(S3Location::checksums)
                .orElse(Checksums.WHEN_SUPPORTED);
        Optional<String> region = Optional.ofNullable(parameters.get("region"));
        region.filter(name -> !REGION.matcher(name).matches()).ifPresent(name -> {
            throw new IllegalArgumentException("region is a name like us-east-1");
        });
        Optional<Path> caFile = Optional.ofNullable(parameters.get("ca-file")).map(S3Location::file);
        return new S3Location(authority, prefix(uri), endpoint, region, pathStyle, checksums, caFile);
    }

    private static String prefix(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        String prefix = path.startsWith("/") ? path.substring(1) : path;
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    private static Map<String, String> parameters(URI uri) {
        Map<String, String> parameters = new TreeMap<>();
        if (uri.getRawQuery() == null || uri.getRawQuery().isEmpty()) {
            return parameters;
        }
        for (String pair : uri.getRawQuery().split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (!PARAMETERS.contains(name)) {
                throw new IllegalArgumentException("unknown parameter in the s3: URI; did you mean "
                        + Nearest.to(name, PARAMETERS) + "? The parameters are " + String.join(", ", PARAMETERS));
            }
            String value = equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
            if (value.isEmpty() || parameters.put(name, value) != null) {
                throw new IllegalArgumentException("give the parameter " + name + " one value, once");
            }
        }
        return parameters;
    }

    private static URI endpoint(String text) {
        try {
            URI endpoint = new URI(text);
            boolean web = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
            if (web && endpoint.getHost() != null && endpoint.getUserInfo() == null && endpoint.getQuery() == null) {
                return endpoint;
            }
        } catch (URISyntaxException e) {
            // Its message would quote the text, which may hold a password.
            throw badEndpoint();
        }
        throw badEndpoint();
    }

    private static IllegalArgumentException badEndpoint() {
        return new IllegalArgumentException(
                "endpoint is a URL like http://127.0.0.1:9000 or https://s3.example.org, without user and query");
    }

    private static Path file(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("ca-file is the path of a file of certificates in PEM", e);
        }
    }

    private static boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("path-style is true or false");
        };
    }

    private static Checksums checksums(String text) {
        return switch (text) {
            case "when-supported" -> Checksums.WHEN_SUPPORTED;
            case "when-required" -> Checksums.WHEN_REQUIRED;
            default -> throw new IllegalArgumentException("checksums is when-supported or when-required");
        };
    }
}
