package io.stepvault.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Where every server of this module listens. An address, not a name: {@code localhost} may mean IPv6 to a client. */
final class Loopback {
    static final String HOST = "127.0.0.1";

    private Loopback() {}

    /** Whether a server could listen on this port now. */
    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static void requireFree(String server, int port) {
        if (!isFree(port)) {
            throw new EmbeddedServerException(
                    server + " cannot listen on " + HOST + ":" + port
                            + ": the port is in use. Stop the program that listens there, or choose another port.",
                    null);
        }
    }
}
