package io.stepvault.storage.s3;

import io.stepvault.storage.s3.wire.Proxy;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.TlsTrustManagersProvider;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;

/**
 * What lies between us and the store: whom to trust, and which proxy to go through. The same for every client that we
 * make. The proxy is found as the SDK finds it: {@code https.proxyHost} and its kin among the JVM's system properties, or
 * {@code HTTPS_PROXY} and {@code NO_PROXY} in the environment ({@code http} for an endpoint without TLS). Immutable; safe
 * for any thread.
 */
final class Network {
    private final ProxyConfiguration found;
    private final Optional<TrustManager[]> trusted;

    private Network(ProxyConfiguration found, Optional<TrustManager[]> trusted) {
        this.found = found;
        this.trusted = trusted;
    }

    /** @throws IllegalArgumentException if the location's file of certificates cannot be read */
    static Network of(S3Location location) {
        String scheme = location.endpoint().map(URI::getScheme).orElse("https");
        return new Network(
                ProxyConfiguration.builder().scheme(scheme).build(),
                location.caFile().map(Network::trusting));
    }

    private static TrustManager[] trusting(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new IllegalArgumentException(notReadable(file) + ": there is no certificate in it");
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca-" + store.size(), certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(notReadable(file), e);
        }
    }

    private static String notReadable(Path file) {
        return "ca-file=" + file + " is not a readable file of certificates in PEM";
    }

    /** Whom to trust, for the SDK; null: whom the JVM trusts. */
    @Nullable
    TlsTrustManagersProvider trustManagers() {
        return trusted.<TlsTrustManagersProvider>map(managers -> () -> managers).orElse(null);
    }

    /** For TLS that trusts as it should. */
    SSLContext ssl() {
        try {
            if (trusted.isEmpty()) {
                return SSLContext.getDefault();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trusted.get(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("TLS does not work on this machine: " + e.getMessage(), e);
        }
    }

    /** The way to a host. */
    Optional<Proxy> proxy(String host) {
        if (!hasProxy() || bypassed().stream().anyMatch(host.toLowerCase(Locale.ROOT)::matches)) {
            return Optional.empty();
        }
        Optional<String> login = Optional.ofNullable(found.username())
                .map(user -> user + ":" + (found.password() == null ? "" : found.password()));
        return Optional.of(new Proxy(new HttpHost("http", found.host(), found.port()), login));
    }

    boolean hasProxy() {
        return found.host() != null && found.port() > 0;
    }

    private Set<String> bypassed() {
        return found.nonProxyHosts() == null ? Set.of() : found.nonProxyHosts();
    }

    /** For the SDK's client that waits. */
    ProxyConfiguration forApache() {
        return hasProxy()
                ? explicit()
                : ProxyConfiguration.builder()
                        .useSystemPropertyValues(false)
                        .useEnvironmentVariableValues(false)
                        .build();
    }

    private ProxyConfiguration explicit() {
        return ProxyConfiguration.builder()
                .endpoint(URI.create("http://" + found.host() + ":" + found.port()))
                .username(found.username())
                .password(found.password())
                .nonProxyHosts(bypassed())
                .preemptiveBasicAuthenticationEnabled(true)
                .useSystemPropertyValues(false)
                .useEnvironmentVariableValues(false)
                .build();
    }

    /** For the SDK's client that does not wait. */
    software.amazon.awssdk.http.nio.netty.ProxyConfiguration forNetty() {
        var proxy = software.amazon.awssdk.http.nio.netty.ProxyConfiguration.builder()
                .useSystemPropertyValues(false)
                .useEnvironmentVariableValues(false);
        return hasProxy()
                ? proxy.scheme("http")
                        .host(found.host())
                        .port(found.port())
                        .username(found.username())
                        .password(found.password())
                        .nonProxyHosts(bypassed())
                        .build()
                : proxy.build();
    }
}
