package io.stepvault.storage.s3.wire;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.RouteInfo;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Connections to servers, straight or through a proxy, kept between requests. Making one blocks. Safe for any thread.
 */
final class Connections implements AutoCloseable {
    /** S3 hangs up on what says nothing for some 20 s. */
    private static final TimeValue KEEP_IDLE = TimeValue.ofSeconds(20);

    /** One that was used a moment ago is used again without a look. */
    private static final TimeValue LOOK_AFTER_IDLE = TimeValue.ofSeconds(2);

    /** So that the names of a store that grows or moves are looked up again. */
    private static final TimeValue KEEP_AT_ALL = TimeValue.ofMinutes(10);

    private final WireOptions options;
    private final HttpRequestExecutor protocol;
    private final PoolingHttpClientConnectionManager pool;

    Connections(WireOptions options, HttpRequestExecutor protocol) {
        this.options = options;
        this.protocol = protocol;
        this.pool = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(options.maxConnections())
                .setMaxConnPerRoute(options.maxConnections())
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.STRICT)
                // The last used is used first, so that those that are not needed grow old and are closed.
                .setConnPoolPolicy(PoolReusePolicy.LIFO)
                // The JDK's own check of names; HttpClient's would load a list of every public domain first.
                .setTlsSocketStrategy(
                        new DefaultClientTlsStrategy(options.ssl(), HostnameVerificationPolicy.BUILTIN, null))
                .setDefaultSocketConfig(SocketConfig.custom()
                        .setTcpNoDelay(true)
                        .setSoKeepAlive(true)
                        .setSoTimeout(timeout(options.idleTimeout()))
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(timeout(options.connectTimeout()))
                        .setSocketTimeout(timeout(options.idleTimeout()))
                        .setValidateAfterInactivity(LOOK_AFTER_IDLE)
                        .setTimeToLive(KEEP_AT_ALL)
                        .build())
                .build();
    }

    /** The way to a server. */
    HttpRoute route(HttpHost server) {
        boolean isSecure = isSecure(server);
        return options.proxy()
                .apply(server.getHostName())
                .map(proxy -> new HttpRoute(
                        server,
                        null,
                        proxy.host(),
                        isSecure,
                        isSecure ? RouteInfo.TunnelType.TUNNELLED : RouteInfo.TunnelType.PLAIN,
                        isSecure ? RouteInfo.LayerType.LAYERED : RouteInfo.LayerType.PLAIN))
                .orElseGet(() -> new HttpRoute(server, null, isSecure));
    }

    private static boolean isSecure(HttpHost server) {
        return server.getSchemeName().toLowerCase(Locale.ROOT).equals("https");
    }

    /** A place in the pool, with a connection that was kept or none yet. */
    ConnectionEndpoint lease(HttpRoute route, Duration patience) throws IOException {
        try {
            return pool.lease("", route, timeout(patience), null).get(timeout(patience));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a connection");
        } catch (TimeoutException e) {
            throw new SocketTimeoutException("no connection was free within " + patience);
        } catch (ExecutionException e) {
            throw new IOException("no connection is to be had: " + e.getMessage(), e);
        }
    }

    void connect(ConnectionEndpoint endpoint, HttpRoute route) throws IOException, HttpException {
        HttpClientContext context = HttpClientContext.create();
        pool.connect(endpoint, timeout(options.connectTimeout()), context);
        if (route.isTunnelled()) {
            tunnel(endpoint, route, context);
            pool.upgrade(endpoint, context);
        }
    }

    /** What the proxy on the way wants to be told of us. */
    Optional<String> login(HttpRoute route) {
        return options.proxy().apply(route.getTargetHost().getHostName()).flatMap(Proxy::authorization);
    }

    /** Asks the proxy to pass on what it cannot read. */
    private void tunnel(ConnectionEndpoint endpoint, HttpRoute route, HttpClientContext context)
            throws IOException, HttpException {
        String server = route.getTargetHost().getHostName() + ":"
                + route.getTargetHost().getPort();
        ClassicHttpRequest connect = new BasicClassicHttpRequest("CONNECT", route.getTargetHost(), server);
        connect.setHeader("Host", server);
        login(route).ifPresent(login -> connect.setHeader("Proxy-Authorization", login));
        int status = endpoint.execute("", connect, protocol::execute, context).getCode();
        if (status != 200) {
            endpoint.close(CloseMode.IMMEDIATE);
            throw new IOException("the proxy " + route.getProxyHost() + " answered " + status
                    + " instead of connecting to the store; check its settings and login");
        }
    }

    /** Gives it back to be used again; closes it without a time for which it may be kept. */
    void release(ConnectionEndpoint endpoint, @Nullable TimeValue keep) {
        pool.release(
                endpoint,
                null,
                keep == null
                        ? null
                        : TimeValue.ofMilliseconds(Math.min(KEEP_IDLE.toMilliseconds(), keep.toMilliseconds())));
    }

    /** Closes those that nobody has used for a while. */
    void closeIdle() {
        pool.closeExpired();
        pool.closeIdle(KEEP_IDLE);
    }

    @Override
    public void close() {
        pool.close(CloseMode.IMMEDIATE);
    }

    private static Timeout timeout(Duration duration) {
        return Timeout.ofMilliseconds(duration.toMillis());
    }
}
