package io.stepvault.registry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Whom to trust and who to be under TLS, from files. Immutable; safe for any thread.
 *
 * @param trust certificates to trust in place of the JDK's
 * @param key the client's own key and certificate, if the registry asks for one
 */
public record RegistryTls(Optional<StoreFile> trust, Optional<StoreFile> key) {
    private static final String PEM_START = "-----BEGIN";

    /** The JDK's trust, and no key. */
    public static final RegistryTls DEFAULT = new RegistryTls(Optional.empty(), Optional.empty());

    /**
     * A key store: PKCS #12 or JKS, or for certificates to trust also PEM.
     *
     * @param password empty if it has none
     */
    public record StoreFile(Path file, String password) {
        @Override
        public String toString() {
            return "StoreFile[" + file + ", ****]";
        }
    }

    /**
     * Reads the files.
     *
     * @return empty if the JDK's own context will do
     * @throws RegistrySetupException if a file cannot be read or is not what it should be
     */
    Optional<SSLContext> context() {
        if (trust.isEmpty() && key.isEmpty()) {
            return Optional.empty();
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(), trustManagers(), null);
            return Optional.of(context);
        } catch (GeneralSecurityException e) {
            throw new RegistrySetupException("TLS to the schema registry cannot be set up: " + e.getMessage(), e);
        }
    }

    private TrustManager @Nullable [] trustManagers() throws GeneralSecurityException {
        if (trust.isEmpty()) {
            return null;
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(load(trust.get()));
        return factory.getTrustManagers();
    }

    private KeyManager @Nullable [] keyManagers() throws GeneralSecurityException {
        if (key.isEmpty()) {
            return null;
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(load(key.get()), key.get().password().toCharArray());
        return factory.getKeyManagers();
    }

    private static KeyStore load(StoreFile store) {
        try {
            byte[] bytes = Files.readAllBytes(store.file());
            if (new String(bytes, StandardCharsets.ISO_8859_1).contains(PEM_START)) {
                return pem(bytes);
            }
            return KeyStore.getInstance(store.file().toFile(), store.password().toCharArray());
        } catch (IOException | GeneralSecurityException e) {
            throw new RegistrySetupException(
                    "the key store " + store.file() + " cannot be read (" + e.getMessage()
                            + "); expected PKCS #12, JKS or PEM certificates, and the right password",
                    e);
        }
    }

    private static KeyStore pem(byte[] bytes) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        int number = 0;
        for (Certificate certificate :
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes))) {
            trusted.setCertificateEntry("certificate-" + number++, certificate);
        }
        return trusted;
    }
}
