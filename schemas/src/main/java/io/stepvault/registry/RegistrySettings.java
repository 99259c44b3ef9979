package io.stepvault.registry;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Where a schema registry is and how it is asked. Immutable; safe for any thread. No secret is in its {@code toString}.
 *
 * @param urls of the registry's servers, at least one; they are asked in turn when one does not answer
 * @param credentials who the client is
 * @param tls what holds for {@code https} URLs
 * @param timeout for one request to one server, its answer included
 * @param retry how often and after what pauses a request is tried again
 */
public record RegistrySettings(
        List<URI> urls, Credentials credentials, RegistryTls tls, Duration timeout, Retry retry) {
    /** 5 seconds. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    /** @throws IllegalArgumentException if a URL is not one of a registry */
    public RegistrySettings {
        urls = List.copyOf(urls);
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("the schema registry has no URL; write http://host:port");
        }
        urls.forEach(RegistrySettings::check);
    }

    /**
     * How a request is tried again.
     *
     * @param rounds how often every server is asked in all, at least once
     * @param pause before the second round; it doubles with each further one, with jitter
     */
    public record Retry(int rounds, Duration pause) {
        /** Three rounds, with 100 ms between the first two. */
        public static final Retry DEFAULT = new Retry(3, Duration.ofMillis(100));
    }

    /**
     * A registry that asks for no credentials.
     *
     * @param urls {@code http} or {@code https}, several separated by commas
     * @throws IllegalArgumentException with what is wrong and what to write instead, to be read after the value
     */
    public static RegistrySettings of(String urls) {
        return new RegistrySettings(
                parseUrls(urls), new Credentials.None(), RegistryTls.DEFAULT, DEFAULT_TIMEOUT, Retry.DEFAULT);
    }

    /** The same with credentials. */
    public RegistrySettings withCredentials(Credentials who) {
        return new RegistrySettings(urls, who, tls, timeout, retry);
    }

    /** The same with other files for TLS. */
    public RegistrySettings withTls(RegistryTls files) {
        return new RegistrySettings(urls, credentials, files, timeout, retry);
    }

    /** The same with another timeout for one request. */
    public RegistrySettings withTimeout(Duration oneRequest) {
        return new RegistrySettings(urls, credentials, tls, oneRequest, retry);
    }

    /** The same, tried again in another way. */
    public RegistrySettings withRetry(Retry other) {
        return new RegistrySettings(urls, credentials, tls, timeout, other);
    }

    /**
     * Reads URLs that are separated by commas.
     *
     * @throws IllegalArgumentException with what is wrong and what to write instead, to be read after the value
     */
    public static List<URI> parseUrls(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .map(RegistrySettings::parse)
                .toList();
    }

    private static URI parse(String text) {
        try {
            URI url = new URI(text);
            check(url);
            return url;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is not a URL; write http://host:port", e);
        }
    }

    private static void check(URI url) {
        if (url.getRawUserInfo() != null
                || (url.getRawAuthority() != null && url.getRawAuthority().contains("@"))) {
            throw new IllegalArgumentException("must not hold credentials; they are settings of their own");
        }
        boolean isHttp = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!isHttp || url.getHost() == null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "is not the URL of a registry; write http://host:port or https://host/path");
        }
    }
}
