package io.stepvault.storage.s3.wire;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/**
 * How a wire works.
 *
 * @param maxConnections how many connections at once, at least 1
 * @param connectTimeout for making one, TLS included
 * @param idleTimeout how long the server may say nothing
 * @param ssl whom to trust
 * @param proxy the proxy on the way to a host; empty: straight to it
 */
public record WireOptions(
        int maxConnections,
        Duration connectTimeout,
        Duration idleTimeout,
        SSLContext ssl,
        Function<String, Optional<Proxy>> proxy) {}
