package io.stepvault.server.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries calls from Jetty to the service, and answers back, on Jetty's threads. */
final class JettyHandler extends Handler.Abstract {
    private static final Logger log = LoggerFactory.getLogger(JettyHandler.class);
    private static final JsonFactory JSON = new JsonFactory()
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);

    /** As the size of JSON is not known before, it counts as large. */
    private static final long JSON_BYTES = 16L << 20;

    private final Service service;
    private final HttpServer.Limits limits;

    JettyHandler(Service service, HttpServer.Limits limits) {
        this.service = service;
        this.limits = limits;
    }

    /** What was begun and could not be ended does not look complete: Jetty then breaks the connection. */
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Call call = callOf(request);
        Answer answer = service.answer(call).unlessKnown(call.headers());
        Scheduler.Task tooSlow =
                request.getComponents().getScheduler().schedule(() -> hangUp(request), timeFor(answer));
        try {
            send(call, answer, request, response);
            callback.succeeded();
        } catch (Source.Broken e) {
            log.atWarn()
                    .addKeyValue("path", call.path())
                    .addKeyValue("reason", String.valueOf(e.getMessage()))
                    .log("Reading from the store broke off; so does the answer");
            callback.failed(e);
        } catch (JacksonException | RuntimeException e) {
            log.atError()
                    .addKeyValue("path", call.path())
                    .setCause(e)
                    .log("An answer broke off for a reason that is ours");
            callback.failed(e);
        } catch (IOException e) {
            log.atDebug()
                    .addKeyValue("path", call.path())
                    .addKeyValue("reason", e.toString())
                    .log("The client is gone before its answer was sent");
            callback.failed(e);
        } finally {
            tooSlow.cancel();
        }
        return true;
    }

    /** A connection that stands still is closed anyway; this is for those that creep. */
    private Duration timeFor(Answer answer) {
        long bytes = 0;
        if (answer.body() instanceof Body.Stream stream) {
            bytes = stream.size();
        } else if (answer.body() instanceof Body.Json) {
            bytes = JSON_BYTES;
        }
        return limits.idleTimeout().multipliedBy(2).plusSeconds(bytes / limits.slowestReader());
    }

    private static void hangUp(Request request) {
        request.getConnectionMetaData()
                .getConnection()
                .getEndPoint()
                .close(new TimeoutException("the client takes its answer too slowly"));
    }

    private static Call callOf(Request request) {
        String query = request.getHttpURI().getQuery();
        return new Call(
                request.getMethod(),
                Optional.ofNullable(request.getHttpURI().getPath()).orElse(""),
                query == null ? "" : query,
                request.getHeaders()::getValuesList,
                new Call.Peers(
                        address(request.getConnectionMetaData().getLocalSocketAddress()),
                        address(request.getConnectionMetaData().getRemoteSocketAddress())),
                Map.of());
    }

    private static InetAddress address(SocketAddress socket) {
        return socket instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    private void send(Call call, Answer answer, Request request, Response response) throws IOException {
        if (answer.body() instanceof Body.Stream stream && !call.isHead()) {
            sendStream(call, answer, stream, request, response);
            return;
        }
        start(answer, response);
        if (answer.body() instanceof Body.Stream stream) {
            response.getHeaders().put("Content-Length", stream.size());
        } else if (answer.body() instanceof Body.Bytes whole && !(whole.compressible() && takesGzip(request))) {
            response.getHeaders().put("Content-Length", whole.bytes().length);
            if (!call.isHead()) {
                Content.Sink.write(response, true, ByteBuffer.wrap(whole.bytes()));
            }
        } else if (answer.body() instanceof Body.Bytes whole) {
            OutputStream out = compressed(request, response);
            out.write(whole.bytes());
            out.close();
        } else if (answer.body() instanceof Body.Json json) {
            OutputStream out = takesGzip(request)
                    ? compressed(request, response)
                    : Response.asBufferedOutputStream(request, response);
            JsonGenerator generator = JSON.createGenerator(out);
            json.content().writeTo(generator);
            generator.close();
            // Closed only now: what failed before must not look complete.
            out.close();
        }
    }

    private static void start(Answer answer, Response response) {
        response.setStatus(answer.status());
        HttpFields.Mutable headers = response.getHeaders();
        SecurityHeaders.FOR_ALL.forEach(headers::put);
        answer.headers().forEach(headers::put);
    }

    private static boolean takesGzip(Request request) {
        return request.getHeaders().getQualityCSV("Accept-Encoding").contains("gzip");
    }

    private static OutputStream compressed(Request request, Response response) throws IOException {
        response.getHeaders().put("Content-Encoding", "gzip");
        return new GZIPOutputStream(Response.asBufferedOutputStream(request, response), 8 << 10);
    }

    private void sendStream(Call call, Answer answer, Body.Stream stream, Request request, Response response)
            throws IOException {
        Source source;
        try {
            source = new Source(stream.source().get());
        } catch (RuntimeException e) {
            send(call, service.failed(call, e), request, response);
            return;
        }
        try (source) {
            try {
                source.readAhead();
            } catch (Source.Broken e) {
                // Nothing has been sent yet, so what is wrong can still be said.
                log.atWarn()
                        .addKeyValue("path", call.path())
                        .addKeyValue("reason", String.valueOf(e.getMessage()))
                        .log("Reading from the store failed");
                send(call, service.failed(call, e.failure()), request, response);
                return;
            }
            start(answer, response);
            response.getHeaders().put("Content-Length", stream.size());
            do {
                ByteBuffer ready = source.take();
                Content.Sink.write(response, source.hasEnded(), ready);
            } while (!source.hasEnded());
        }
    }
}
