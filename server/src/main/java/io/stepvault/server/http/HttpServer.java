package io.stepvault.server.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.server.handler.QoSHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jetty as this server wants it: HTTP/1.1, bounded in every direction. Safe for any thread. */
public final class HttpServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
    private static final int HEADER_BYTES = 16 << 10;
    private static final int WAITING_EACH = 4;
    private static final int OWN_THREADS = 8;
    private static final int CONNECTIONS = 1_000;
    private static final Duration STOP = Duration.ofSeconds(5);
    private static final Duration STOP_IDLE = Duration.ofMillis(200);

    /**
     * What is done at most.
     *
     * @param concurrent how many calls are answered at once; four times as many wait
     * @param idleTimeout how long a connection may stand still
     * @param patience how long calls wait
     * @param slowestReader how many bytes a second a client must take
     */
    public record Limits(int concurrent, Duration idleTimeout, Duration patience, int slowestReader) {}

    private final Server server;
    private final URI uri;

    private HttpServer(Server server, URI uri) {
        this.server = server;
        this.uri = uri;
    }

    /**
     * Starts to listen.
     *
     * @throws IOException if the address cannot be bound
     */
    public static HttpServer start(InetSocketAddress address, Service service, Limits limits) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(limits.concurrent() + OWN_THREADS, OWN_THREADS);
        threads.setName("stepvault-read");
        threads.setDaemon(true);
        Server server = new Server(threads);
        server.setStopTimeout(STOP.toMillis());
        server.setErrorHandler(new JettyErrors());

        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        // The percent signs of ids are encoded; all else that two readers may read differently is refused.
        http.setUriCompliance(UriCompliance.DEFAULT.with("encoded ids", Violation.AMBIGUOUS_PATH_ENCODING));
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(address.getAddress().getHostAddress());
        connector.setPort(address.getPort());
        connector.setIdleTimeout(limits.idleTimeout().toMillis());
        connector.setShutdownIdleTimeout(STOP_IDLE.toMillis());
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(CONNECTIONS, server));

        QoSHandler bounded = new QoSHandler(new JettyHandler(service, limits));
        bounded.setMaxRequestCount(limits.concurrent());
        bounded.setMaxSuspendedRequestCount(WAITING_EACH * limits.concurrent());
        bounded.setMaxSuspend(limits.patience());
        server.setHandler(new GracefulHandler(bounded));
        try {
            server.start();
        } catch (Exception e) {
            stop(server);
            throw e instanceof IOException io ? io : new IOException("the HTTP server did not start on " + address, e);
        }
        String host = connector.getHost();
        return new HttpServer(
                server,
                URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + connector.getLocalPort()
                        + "/"));
    }

    /** Where it listens. */
    public URI uri() {
        return uri;
    }

    /** Takes no more calls, waits a few seconds for those that are being answered, then breaks them off. Idempotent. */
    @Override
    public void close() {
        stop(server);
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            log.atWarn().setCause(e).log("The HTTP server did not stop as it should");
        }
    }
}
