package io.stepvault.registry;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Requests to the servers of a registry: each in turn, again after a pause, until one gives an answer that says something.
 * Redirects are not followed, since they would take the credentials to wherever they lead. Safe for any thread; blocks.
 */
final class RegistryHttp {
    private static final int MAX_ANSWER_BYTES = 4 << 20;
    private static final int MAX_MESSAGE = 300;
    private static final String JSON = "application/vnd.schemaregistry.v1+json";
    private static final int FIRST_MISSING = 40401;
    private static final int LAST_MISSING = 40499;

    private final RegistrySettings settings;
    private final HttpClient http;
    private volatile int first;

    RegistryHttp(RegistrySettings settings) {
        this.settings = settings;
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.timeout());
        settings.tls().context().ifPresent(client::sslContext);
        this.http = client.build();
    }

    /**
     * A request.
     *
     * @param path raw, with its query, from the slash on
     * @param body of a POST; a GET has none
     * @param missingMayBeLate whether a server may just not have heard yet of what it does not know
     */
    record Request(String path, Optional<byte[]> body, boolean missingMayBeLate) {}

    /** Reads what was asked for out of the JSON of a good answer. */
    @FunctionalInterface
    interface Reading<T> {
        /** Empty if the JSON is not what was expected. */
        Optional<T> read(@Nullable Object json);
    }

    /** Asks until there is an answer that says something, or the last round has ended. */
    <T> RegistryAnswer<T> ask(Request request, Reading<T> reading) throws InterruptedException {
        List<URI> urls = settings.urls();
        RegistryAnswer<T> answer = new RegistryAnswer.Unavailable<>("the schema registry was not asked", false);
        for (int round = 0; round < settings.retry().rounds(); round++) {
            if (round > 0) {
                pause(round);
            }
            boolean mayChange = false;
            for (int i = 0; i < urls.size(); i++) {
                int server = (first + i) % urls.size();
                answer = askOne(urls.get(server), request, reading);
                boolean isLate = request.missingMayBeLate() && answer instanceof RegistryAnswer.Missing;
                if (!(answer instanceof RegistryAnswer.Unavailable) && !isLate) {
                    first = server;
                    return answer;
                }
                mayChange |= isLate
                        || (answer instanceof RegistryAnswer.Unavailable<T> unavailable
                                && !unavailable.operatorMustAct());
            }
            if (!mayChange) {
                break;
            }
        }
        return answer;
    }

    private void pause(int round) throws InterruptedException {
        long longest = settings.retry().pause().toMillis() << Math.min(round - 1, 10);
        Thread.sleep(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1));
    }

    private <T> RegistryAnswer<T> askOne(URI url, Request request, Reading<T> reading) throws InterruptedException {
        HttpRequest.Builder http = HttpRequest.newBuilder(URI.create(base(url) + request.path()))
                .timeout(settings.timeout())
                .header("Accept", JSON + ", application/json");
        settings.credentials().header().ifPresent(value -> http.header("Authorization", value));
        request.body().ifPresent(body -> http.header("Content-Type", JSON).POST(BodyPublishers.ofByteArray(body)));
        try {
            HttpResponse<byte[]> response = send(http.build());
            return classify(url, response.statusCode(), response.body(), reading);
        } catch (IOException e) {
            return unavailable(url, "does not answer (" + named(e) + ")", e instanceof SSLHandshakeException);
        }
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                http.sendAsync(request, response -> new BoundedBody(MAX_ANSWER_BYTES));
        Duration timeout = settings.timeout();
        try {
            // The client's own timeout ends with the headers; a body could trickle for ever.
            return exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + timeout.toMillis() + " ms", e);
        } finally {
            exchange.cancel(true);
        }
    }

    private static <T> RegistryAnswer<T> classify(URI url, int status, byte[] body, Reading<T> reading) {
        Object json;
        try {
            json = RegistryJson.read(body);
        } catch (IOException e) {
            json = null;
        }
        if (status == 200) {
            Optional<T> value = reading.read(json);
            return value.isPresent()
                    ? new RegistryAnswer.Found<>(value.get())
                    : unavailable(url, "gives an answer that is none of a schema registry's; check the URL", true);
        }
        int code = RegistryJson.integer(json, "error_code").orElse(0);
        String said = "answers " + status
                + RegistryJson.text(json, "message")
                        .map(text -> " (" + line(text) + ")")
                        .orElse("");
        if (status == 404 && code >= FIRST_MISSING && code <= LAST_MISSING) {
            return new RegistryAnswer.Missing<>(url + " " + said);
        }
        if (status == 409 || status == 422 || (status == 400 && code != 0)) {
            return new RegistryAnswer.Refused<>(url + " " + said);
        }
        if (status == 401 || status == 403) {
            return unavailable(url, said + "; check the credentials and what they permit", true);
        }
        if (status >= 300 && status < 400) {
            return unavailable(url, said + ", a redirect, which is not followed; set the URL that it leads to", true);
        }
        boolean mayPass = status >= 500 || status == 429 || status == 408;
        return unavailable(url, said + (mayPass ? "" : ", as no schema registry does; check the URL"), !mayPass);
    }

    private static <T> RegistryAnswer<T> unavailable(URI url, String what, boolean operatorMustAct) {
        return new RegistryAnswer.Unavailable<>("schema registry " + url + " " + what, operatorMustAct);
    }

    private static String base(URI url) {
        String text = url.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    private static String named(IOException e) {
        return e.getMessage() == null
                ? e.getClass().getSimpleName()
                : line(e.getClass().getSimpleName() + ": " + e.getMessage());
    }

    private static String line(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "...";
    }
}
