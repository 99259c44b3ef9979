package io.stepvault.storage.s3;

import io.stepvault.storage.s3.sign.KeyPath;
import io.stepvault.storage.s3.sign.SigV4;
import java.net.URI;
import org.apache.hc.core5.http.HttpHost;

/**
 * Where a bucket takes requests, and how they are signed there. Immutable; safe for any thread.
 *
 * @param server scheme, host and port
 * @param hostHeader the server as requests name it: without the port if that is the scheme's own
 * @param root the path before a key, encoded: {@code /} or {@code /bucket/}
 * @param region the bucket's
 * @param signer signs for the region
 */
record Endpoint(HttpHost server, String hostHeader, String root, String region, SigV4 signer) {
    /** The server that {@code url} leads to, whose path is that of the empty key. */
    static Endpoint of(URI url, String region) {
        int standard = url.getScheme().equals("https") ? 443 : 80;
        int port = url.getPort() < 0 ? standard : url.getPort();
        String host = url.getHost();
        return new Endpoint(
                new HttpHost(url.getScheme(), host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port),
                port == standard ? host : host + ":" + port,
                url.getRawPath(),
                region,
                new SigV4(region));
    }

    boolean isSecure() {
        return server.getSchemeName().equals("https");
    }

    /** The path of a request on an object. */
    String path(String key) {
        return root + KeyPath.encode(key);
    }
}
