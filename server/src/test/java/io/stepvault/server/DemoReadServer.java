package io.stepvault.server;

import io.stepvault.storage.ObjectStepStore;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.storage.memory.InMemoryObjectStore;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Serves a crawl directory from memory, for whoever works on the viewer: arguments are the directory and a port. */
public final class DemoReadServer {
    private DemoReadServer() {}

    public static void main(String[] args) throws Exception {
        int port = args.length > 1 ? Integer.parseInt(args[1]) : 8080;
        try (StepStore store = new ObjectStepStore(new InMemoryObjectStore(), "", StoreOptions.defaults())) {
            CrawlFixture.store(Path.of(args[0]), store);
            try (ReadServer server = ReadServer.start(store, ReadServerOptions.onLoopback(port))) {
                System.out.println("Serving " + args[0] + " on " + server.uri());
                new CountDownLatch(1).await();
            }
        }
    }
}
