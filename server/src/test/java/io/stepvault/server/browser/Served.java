package io.stepvault.server.browser;

import io.stepvault.event.StepCapture;
import io.stepvault.server.ReadServer;
import io.stepvault.server.ReadServerOptions;
import io.stepvault.server.guard.BearerToken;
import io.stepvault.storage.ObjectStepStore;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.storage.StoreOutcome;
import io.stepvault.storage.memory.InMemoryObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;

/** A read server over a store in memory. It can be stopped, and started again on the same port. */
final class Served implements AutoCloseable {
    private final StepStore store = new ObjectStepStore(new InMemoryObjectStore(), "", StoreOptions.defaults());
    private final ReadServerOptions options;
    private ReadServer server;

    private Served(ReadServerOptions options) {
        this.server = start(options);
        // The port that was free is kept.
        this.options = new ReadServerOptions(
                new InetSocketAddress(
                        options.address().getAddress(), server.uri().getPort()),
                options.token(),
                options.allowedHosts(),
                options.trustForwardedProto(),
                options.limits(),
                options.clock());
    }

    static Served withoutToken() {
        return new Served(ReadServerOptions.onLoopback(0));
    }

    static Served withToken(String token) {
        return new Served(ReadServerOptions.onLoopback(0).withToken(new BearerToken(token)));
    }

    private ReadServer start(ReadServerOptions with) {
        try {
            return ReadServer.start(store, with);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Served store(StepCapture... captures) {
        return store(Arrays.asList(captures));
    }

    Served store(List<StepCapture> captures) {
        for (StoreOutcome outcome : store.store(captures)) {
            if (outcome instanceof StoreOutcome.Failed failed) {
                throw failed.cause();
            }
        }
        return this;
    }

    URI uri() {
        return server.uri();
    }

    void stop() {
        server.close();
    }

    void startAgain() {
        server = start(options);
    }

    @Override
    public void close() {
        server.close();
        store.close();
    }
}
