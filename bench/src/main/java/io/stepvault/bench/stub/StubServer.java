package io.stepvault.bench.stub;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ServerSocketFactory;

/** Listens on a free loopback port and serves each connection. Safe for any thread. */
final class StubServer implements AutoCloseable {
    private static final int BACKLOG = 512;

    private final ServerSocket listener;
    private final String scheme;
    private final StubStore store;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private StubServer(ServerSocket listener, String scheme, StubStore store) {
        this.listener = listener;
        this.scheme = scheme;
        this.store = store;
    }

    static StubServer http(StubStore store) throws IOException {
        return start(ServerSocketFactory.getDefault(), "http", store);
    }

    static StubServer https(StubStore store, StubCertificate certificate) throws IOException {
        return start(certificate.sockets(), "https", store);
    }

    private static StubServer start(ServerSocketFactory sockets, String scheme, StubStore store) throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        StubServer server = new StubServer(sockets.createServerSocket(0, BACKLOG, loopback), scheme, store);
        daemon(server::acceptAll).start();
        return server;
    }

    /** Without a path. */
    URI endpoint() {
        return URI.create(scheme + "://127.0.0.1:" + listener.getLocalPort());
    }

    private void acceptAll() {
        while (true) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                daemon(() -> {
                            new StubConnection(socket, store).run();
                            open.remove(socket);
                        })
                        .start();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "s3-stub");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
