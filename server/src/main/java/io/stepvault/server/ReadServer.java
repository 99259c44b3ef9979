package io.stepvault.server;

import io.stepvault.server.api.ReadApi;
import io.stepvault.server.guard.Authentication;
import io.stepvault.server.guard.Guard;
import io.stepvault.server.http.HttpServer;
import io.stepvault.server.http.Route;
import io.stepvault.server.http.Router;
import io.stepvault.server.listing.StepListings;
import io.stepvault.server.listing.Turns;
import io.stepvault.server.thumbnail.Thumbnails;
import io.stepvault.storage.StepStore;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a step store's sessions, steps and artifacts over HTTP under {@code /api/v1/}, and a viewer for them under
 * {@code /}. It only reads. Safe for any thread.
 */
public final class ReadServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReadServer.class);

    private final HttpServer http;
    private final Thumbnails thumbnails;

    private ReadServer(HttpServer http, Thumbnails thumbnails) {
        this.http = http;
        this.thumbnails = thumbnails;
    }

    /**
     * Starts to serve.
     *
     * @param store what is served; it is not closed with the server
     * @throws IOException if the address cannot be bound
     */
    public static ReadServer start(StepStore store, ReadServerOptions options) throws IOException {
        ReadLimits limits = options.limits();
        Authentication authentication =
                new Authentication(options.token(), options.trustForwardedProto(), options.clock());
        Turns turns = new Turns(limits.listings(), limits.patience());
        StepListings listings = new StepListings(store, turns, options.clock());
        Thumbnails thumbnails = new Thumbnails(options.clock());
        ReadApi api = new ReadApi(store, authentication, turns, listings, thumbnails);
        List<Route> routes =
                Stream.concat(api.routes().stream(), api.files().stream()).toList();
        Answers answers = new Answers(new Guard(options.allowedHosts()), new Router(routes), authentication);
        try {
            HttpServer http = HttpServer.start(
                    options.address(),
                    answers,
                    new HttpServer.Limits(
                            limits.requests(), limits.idleTimeout(), limits.patience(), limits.slowestReader()));
            log.atInfo()
                    .addKeyValue("uri", http.uri())
                    .addKeyValue("store", store.location())
                    .addKeyValue("authentication", authentication.isRequired() ? "required" : "none")
                    .log("Read API started");
            return new ReadServer(http, thumbnails);
        } catch (IOException | RuntimeException e) {
            thumbnails.close();
            throw e;
        }
    }

    /** Where it listens. */
    public URI uri() {
        return http.uri();
    }

    /** Takes no more requests, waits a few seconds for those that are being answered, then breaks them off. Idempotent. */
    @Override
    public void close() {
        http.close();
        thumbnails.close();
        log.atInfo().addKeyValue("uri", http.uri()).log("Read API stopped");
    }
}
