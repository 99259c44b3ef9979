package io.stepvault.storage.s3.wire;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.apache.hc.core5.http.HttpHost;

/**
 * An HTTP proxy between us and the store.
 *
 * @param host where it is
 * @param login {@code user:password} if it wants one
 */
public record Proxy(HttpHost host, Optional<String> login) {
    /** The value of {@code Proxy-Authorization}. */
    Optional<String> authorization() {
        return login.map(text -> "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public String toString() {
        return "Proxy[" + host + "]";
    }
}
