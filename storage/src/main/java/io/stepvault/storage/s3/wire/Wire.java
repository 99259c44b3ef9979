package io.stepvault.storage.s3.wire;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.impl.DefaultClientConnectionReuseStrategy;
import org.apache.hc.client5.http.impl.DefaultConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to S3 and waits for the answers, each on a connection of its own while it lasts. Requests must be such
 * that doing them twice does no harm. Safe for any thread.
 */
public final class Wire implements AutoCloseable {
    /** Below it, the round trip of asking costs more than sending a body that may be refused. */
    private static final int ASK_BEFORE_SENDING_BYTES = 1 << 20;

    /** How long a server may take to ask for a body before it is sent unasked: some never ask. */
    private static final Timeout WAIT_FOR_CONTINUE = Timeout.ofSeconds(1);

    private static final int MAX_ANSWER_BYTES = 64 << 10;

    private final Connections connections;
    private final HttpRequestExecutor protocol;
    private final Deadlines deadlines = new Deadlines(System::nanoTime);
    private final ScheduledThreadPoolExecutor looking;

    /** Connects to nobody yet. */
    public Wire(WireOptions options) {
        this.protocol = new HttpRequestExecutor(
                Http1Config.custom()
                        .setWaitForContinueTimeout(WAIT_FOR_CONTINUE)
                        .build(),
                DefaultClientConnectionReuseStrategy.INSTANCE,
                null);
        this.connections = new Connections(options, protocol);
        this.looking = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "stepvault-s3-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        long often = Math.max(10, Math.min(1_000, options.idleTimeout().toMillis() / 10));
        var unused = looking.scheduleWithFixedDelay(this::look, often, often, TimeUnit.MILLISECONDS);
    }

    private void look() {
        deadlines.look();
        connections.closeIdle();
    }

    /**
     * One request.
     *
     * @param server scheme, host and port
     * @param method in capitals
     * @param path encoded, with its slash
     * @param headers all but {@code Content-Length} and {@code Expect}
     * @param body the bytes from position to limit, which are not copied; null for a request without a body
     */
    public record Request(
            HttpHost server,
            String method,
            String path,
            Map<String, String> headers,
            @Nullable ByteBuffer body) {}

    /**
     * Sends a request and waits for its answer, whatever that is.
     *
     * @param patience how long all of it may take
     * @throws SocketTimeoutException if it took longer, the server fell silent, or it cannot be reached in time
     * @throws IOException if it broke off otherwise
     */
    public Answer send(Request request, Duration patience) throws IOException {
        HttpRoute route = connections.route(request.server());
        ConnectionEndpoint endpoint = connections.lease(route, patience);
        TimeValue keep = null;
        try (Deadlines.Deadline deadline = deadlines.begin(patience, () -> endpoint.close(CloseMode.IMMEDIATE))) {
            try {
                ClassicHttpRequest message = message(request, route, connections.login(route));
                HttpClientContext context = HttpClientContext.create();
                ClassicHttpResponse response = exchange(endpoint, route, message, context);
                if (isEmpty(response)) {
                    keep = timeToKeep(message, response, context);
                    return answer(response, new byte[0]);
                }
                InputStream content = response.getEntity().getContent();
                byte[] body = content.readNBytes(MAX_ANSWER_BYTES);
                // What is far too long is not read to its end, so nothing can follow it.
                keep = content.read() < 0 ? timeToKeep(message, response, context) : null;
                return answer(response, body);
            } catch (IOException | HttpException e) {
                throw deadline.hasPassed() ? late(patience, e) : asIo(e);
            }
        } finally {
            connections.release(endpoint, keep);
        }
    }

    /** A kept connection may have died unnoticed, as all do when the server is started again: then on a new one. */
    private ClassicHttpResponse exchange(
            ConnectionEndpoint endpoint, HttpRoute route, ClassicHttpRequest message, HttpClientContext context)
            throws IOException, HttpException {
        if (endpoint.isConnected()) {
            try {
                return endpoint.execute("", message, protocol::execute, context);
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                endpoint.close(CloseMode.IMMEDIATE);
            }
        }
        connections.connect(endpoint, route);
        return endpoint.execute("", message, protocol::execute, context);
    }

    private static ClassicHttpRequest message(Request request, HttpRoute route, Optional<String> login) {
        // A proxy that can read the request is told the whole address.
        boolean isRelayed = route.getProxyHost() != null && !route.isTunnelled();
        String target = isRelayed ? request.server().toURI() + request.path() : request.path();
        ClassicHttpRequest message = new BasicClassicHttpRequest(request.method(), request.server(), target);
        request.headers().forEach(message::setHeader);
        login.filter(authorization -> isRelayed)
                .ifPresent(authorization -> message.setHeader("Proxy-Authorization", authorization));
        ByteBuffer body = request.body();
        if (body != null) {
            message.setEntity(new BufferEntity(body));
            message.setHeader("Content-Length", body.remaining());
            if (body.remaining() >= ASK_BEFORE_SENDING_BYTES) {
                message.setHeader("Expect", "100-continue");
            }
        }
        return message;
    }

    private static Answer answer(ClassicHttpResponse response, byte[] body) {
        int status = response.getCode();
        if (status >= 200 && status < 300) {
            return new Answer(status, "", Optional.empty(), Optional.empty(), "");
        }
        ErrorDocument error = ErrorDocument.parse(body);
        return new Answer(
                status,
                error.code(),
                header(response, "x-amz-bucket-region").or(error::region),
                time(response),
                header(response, "x-amz-request-id").orElse(""));
    }

    /** As the answer to nearly every put is: to read that would cost a buffer. */
    private static boolean isEmpty(ClassicHttpResponse response) {
        HttpEntity entity = response.getEntity();
        return entity == null || entity.getContentLength() == 0;
    }

    private static Optional<String> header(ClassicHttpResponse response, String name) {
        Header header = response.getFirstHeader(name);
        return Optional.ofNullable(header == null ? null : header.getValue())
                .map(ErrorDocument::word)
                .filter(word -> !word.isEmpty());
    }

    private static Optional<Instant> time(ClassicHttpResponse response) {
        Header date = response.getFirstHeader("Date");
        if (date == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date.getValue(), Instant::from));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static @Nullable TimeValue timeToKeep(
            ClassicHttpRequest request, ClassicHttpResponse response, HttpClientContext context) {
        return DefaultClientConnectionReuseStrategy.INSTANCE.keepAlive(request, response, context)
                ? DefaultConnectionKeepAliveStrategy.INSTANCE.getKeepAliveDuration(response, context)
                : null;
    }

    private static IOException late(Duration patience, Exception cause) {
        IOException late = new SocketTimeoutException("no answer within " + patience);
        late.initCause(cause);
        return late;
    }

    private static IOException asIo(Exception e) {
        return e instanceof IOException broken ? broken : new IOException("no answer of HTTP: " + e.getMessage(), e);
    }

    /** What is under way breaks off. */
    @Override
    public void close() {
        looking.shutdownNow();
        connections.close();
    }
}
