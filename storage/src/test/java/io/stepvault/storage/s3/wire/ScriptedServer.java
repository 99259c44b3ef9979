package io.stepvault.storage.s3.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import org.apache.hc.core5.http.HttpHost;

/** A server that does, byte by byte, what a test says. A thread for each connection. */
public final class ScriptedServer implements AutoCloseable {
    /** What happens on a connection. */
    public interface Script {
        void run(Connection connection) throws IOException;
    }

    private final ServerSocket server;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final List<String> received = new CopyOnWriteArrayList<>();

    public ScriptedServer(Script script) throws IOException {
        this(ServerSocketFactory.getDefault(), script);
    }

    ScriptedServer(ServerSocketFactory sockets, Script script) throws IOException {
        this.server = sockets.createServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        Thread accepting = new Thread(() -> accept(script), "scripted-server");
        accepting.setDaemon(true);
        accepting.start();
    }

    private void accept(Script script) {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread serving = new Thread(() -> serve(script, socket), "scripted-connection");
                serving.setDaemon(true);
                serving.start();
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }

    private void serve(Script script, Socket socket) {
        try (socket) {
            script.run(new Connection(socket));
        } catch (IOException e) {
            // The client has hung up, which is what some tests are about.
        }
    }

    public HttpHost host(String scheme) {
        return new HttpHost(scheme, "127.0.0.1", server.getLocalPort());
    }

    int connections() {
        return connections.get();
    }

    /** The heads of the requests so far, each with its lines as they came. */
    public List<String> received() {
        return received;
    }

    /** One client. */
    public final class Connection {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
        }

        /** The head of the next request; its body is still to be read. Empty at the end. */
        public Optional<String> head() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
                int c = in.read();
                if (c < 0) {
                    return Optional.empty();
                }
                head.append((char) c);
            }
            received.add(head.toString());
            return Optional.of(head.toString());
        }

        public byte[] body(int length) throws IOException {
            return in.readNBytes(length);
        }

        public void say(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        /** Answers every request without a body by 200. */
        void answerAll() throws IOException {
            while (head().isPresent()) {
                say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        }

        Socket socket() {
            return socket;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
