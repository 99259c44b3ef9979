package io.stepvault.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    private final Map<String, String> before = new HashMap<>();

    private void property(String name, String value) {
        String old = System.setProperty(name, value);
        before.putIfAbsent(name, old == null ? "" : old);
    }

    @AfterEach
    void restore() {
        before.forEach((name, value) -> {
            if (value.isEmpty()) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
    }

    private static Network at(String parameters) {
        return Network.of(S3Location.parse(URI.create("s3://bucket?region=here" + parameters)));
    }

    @Test
    void findsTheProxyOfTheEndpointsScheme() {
        property("https.proxyHost", "secure.proxy.example.org");
        property("https.proxyPort", "3128");
        property("http.proxyHost", "plain.proxy.example.org");
        property("http.proxyPort", "8080");
        property("http.nonProxyHosts", "*.internal|localhost");

        assertThat(at("").proxy("s3.example.org"))
                .hasValueSatisfying(proxy ->
                        assertThat(proxy.host()).isEqualTo(new HttpHost("http", "secure.proxy.example.org", 3128)));
        assertThat(at("&endpoint=http://s3.example.org").proxy("s3.example.org"))
                .hasValueSatisfying(proxy ->
                        assertThat(proxy.host()).isEqualTo(new HttpHost("http", "plain.proxy.example.org", 8080)));
        assertThat(at("").proxy("s3.internal")).isEmpty();
        assertThat(at("").proxy("LOCALHOST")).isEmpty();
    }

    @Test
    void doesNotShowTheProxysPassword() {
        property("https.proxyHost", "proxy.example.org");
        property("https.proxyPort", "3128");
        property("https.proxyUser", "me");
        property("https.proxyPassword", "secret-of-mine");

        assertThat(at("").proxy("s3.example.org")).hasValueSatisfying(proxy -> {
            assertThat(proxy.login()).contains("me:secret-of-mine");
            assertThat(proxy.toString()).doesNotContain("secret-of-mine");
        });
    }

    @Test
    void trustsOnlyWhoIsInTheFile(@TempDir Path directory) throws Exception {
        X509Certificate certificate = someAuthority();
        Path file = Files.writeString(
                directory.resolve("ca.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                        + "\n-----END CERTIFICATE-----\n");

        Network network = at("&ca-file=" + file);

        assertThat(network.ssl()).isNotNull();
        assertThat(Objects.requireNonNull(network.trustManagers()).trustManagers())
                .singleElement()
                .isInstanceOfSatisfying(
                        X509TrustManager.class,
                        trusted -> assertThat(trusted.getAcceptedIssuers()).containsExactly(certificate));
        assertThat(at("").trustManagers()).as("whom the JVM trusts").isNull();
    }

    private static X509Certificate someAuthority() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers()[0];
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no certificate"})
    void namesTheFileThatHoldsNoCertificates(String content, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("ca.pem"), content);

        assertThatThrownBy(() -> at("&ca-file=" + file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ca-file=" + file);
    }
}
