package io.stepvault.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What Jetty refuses by itself, such as a request that is no HTTP, is a problem like any other; it is not quoted. */
final class JettyErrors extends ErrorHandler {
    private static final JsonFactory JSON = new JsonFactory();

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        ByteBuffer body = problem(response.getStatus(), response.getHeaders());
        response.write(true, body, callback);
        return true;
    }

    private static ByteBuffer problem(int status, HttpFields.Mutable headers) {
        Answer answer = describe(status).asAnswer();
        SecurityHeaders.FOR_ALL.forEach(headers::put);
        answer.headers().forEach(headers::put);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (answer.body() instanceof Body.Json json) {
            try (JsonGenerator generator = JSON.createGenerator(bytes)) {
                json.content().writeTo(generator);
            } catch (IOException e) {
                throw new UncheckedIOException("memory does not fail", e);
            }
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    private static Problem describe(int status) {
        String title = Optional.ofNullable(HttpStatus.getMessage(status)).orElse("Error");
        return switch (status) {
            case 400 ->
                Problem.badRequest(
                        "this is no request that the server takes; ids in a path are written as links have them");
            case 414 -> new Problem(status, title, "the address is too long");
            case 431 -> new Problem(status, title, "the header fields are too long");
            case 503 -> Problem.unavailable("too many requests are being answered; try again");
            default -> new Problem(status, title, "the request cannot be answered", Optional.empty(), Map.of());
        };
    }
}
