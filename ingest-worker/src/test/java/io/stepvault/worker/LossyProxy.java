package io.stepvault.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before a server and passes on what is asked; of the answers, it now and then breaks the connection instead. So
 * the server has done what it was asked to, and nobody is told.
 */
final class LossyProxy implements AutoCloseable {
    private static final int LOSES_ONE_OF = 4;

    private final URI server;
    private final ServerSocket listening;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private volatile boolean healed;

    LossyProxy(URI server) throws IOException {
        this.server = server;
        this.listening = new ServerSocket(0, 50, InetAddress.getByName(server.getHost()));
        inThread(this::accept);
    }

    URI endpoint() {
        return URI.create("http://" + server.getHost() + ":" + listening.getLocalPort());
    }

    /** How many answers were lost so far. */
    int lost() {
        return lost.get();
    }

    /** From now on nothing is lost. */
    void heal() {
        healed = true;
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void inThread(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // One side has hung up, and the other is told so below.
                    }
                },
                "lossy-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listening.accept();
            Socket upstream = new Socket(server.getHost(), server.getPort());
            sockets.add(client);
            sockets.add(upstream);
            inThread(() -> pass(client, upstream, false));
            inThread(() -> pass(upstream, client, true));
        }
    }

    private void pass(Socket from, Socket to, boolean areAnswers) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[64 << 10];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (areAnswers && !healed && answers.incrementAndGet() % LOSES_ONE_OF == 0) {
                    lost.incrementAndGet();
                    return;
                }
                out.write(buffer, 0, read);
                out.flush();
            }
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
