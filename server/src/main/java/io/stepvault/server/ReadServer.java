package io.stepvault.server;

import io.stepvault.server.api.ReadApi;
import io.stepvault.server.http.JettyErrors;
import io.stepvault.server.http.JettyHandler;
import io.stepvault.server.http.Router;
import io.stepvault.storage.StepStore;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.server.handler.QoSHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a step store's sessions, steps and artifacts over HTTP under {@code /api/v1/}, and a viewer for them under
 * {@code /}. It only reads. Safe for any thread.
 */
public final class ReadServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReadServer.class);
    private static final int CONCURRENT = 64;
    private static final int WAITING = 256;
    private static final int HEADER_BYTES = 16 << 10;
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(5);

    private final Server server;
    private final ServerConnector connector;

    private ReadServer(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /**
     * Starts to serve.
     *
     * @param store what is served; it is not closed with the server
     * @throws IOException if the address cannot be bound
     */
    public static ReadServer start(StepStore store, ReadServerOptions options) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(CONCURRENT + 8, 4);
        threads.setName("stepvault-read");
        threads.setDaemon(true);
        Server server = new Server(threads);
        server.setStopTimeout(STOP.toMillis());
        server.setErrorHandler(new JettyErrors());

        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        // An id's percent signs are encoded; all else that two readers may read differently is refused.
        http.setUriCompliance(UriCompliance.DEFAULT.with("encoded ids", Violation.AMBIGUOUS_PATH_ENCODING));
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(options.address().getAddress().getHostAddress());
        connector.setPort(options.address().getPort());
        connector.setIdleTimeout(IDLE.toMillis());
        server.addConnector(connector);

        QoSHandler bounded = new QoSHandler(new JettyHandler(new Answers(new Router(new ReadApi(store).routes()))));
        bounded.setMaxRequestCount(CONCURRENT);
        bounded.setMaxSuspendedRequestCount(WAITING);
        bounded.setMaxSuspend(Duration.ofSeconds(5));
        server.setHandler(new GracefulHandler(bounded));

        ReadServer started = new ReadServer(server, connector);
        try {
            server.start();
        } catch (Exception e) {
            started.close();
            throw e instanceof IOException io ? io : new IOException("the HTTP server does not start", e);
        }
        log.atInfo()
                .addKeyValue("uri", started.uri())
                .addKeyValue("store", store.location())
                .log("Read API started");
        return started;
    }

    /** Where it listens. */
    public URI uri() {
        String host = connector.getHost();
        return URI.create(
                "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + connector.getLocalPort() + "/");
    }

    /** Stops to take requests, waits a few seconds for those that are being answered, then breaks them off. Idempotent. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            log.atWarn().setCause(e).log("The HTTP server did not stop as it should");
        }
    }
}
