package io.stepvault.embedded.front;

import io.stepvault.embedded.EmbeddedServerException;
import io.stepvault.embedded.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands before an S3 server and passes on what is asked and answered, byte by byte, until it is told to have requests
 * go wrong: all, or a share of them, drawn by a seed. Signatures hold, since the server sees the {@code Host} that the
 * client has signed; clients must use path-style addresses.
 *
 * <pre>{@code
 * try (EmbeddedS3 s3 = EmbeddedS3.builder().start();
 *         S3Front front = S3Front.before(s3.endpoint(), 1)) {
 *     front.fault(S3Fault.SLOW_DOWN, 0.3); // every third request or so
 *     front.heal();
 * }
 * }</pre>
 *
 * <p>A request that is under way keeps its fault. While the server is away, connections are closed unanswered. Safe for
 * any thread.
 */
public final class S3Front implements AutoCloseable {
    private static final int BACKLOG = 256;

    private final URI server;
    private final ServerSocket door;
    private final FaultDice dice;
    private final SlowLine line = new SlowLine(System.nanoTime());
    private final Set<FrontConnection> connections = ConcurrentHashMap.newKeySet();

    private S3Front(URI server, ServerSocket door, FaultDice dice) {
        this.server = server;
        this.door = door;
        this.dice = dice;
    }

    /**
     * Opens a front on a free port of loopback.
     *
     * @param server where the real server is; it need not run yet
     * @param seed draws which requests go wrong
     * @throws EmbeddedServerException if there is no port to listen on
     */
    public static S3Front before(URI server, long seed) {
        try {
            ServerSocket door = new ServerSocket();
            door.setReuseAddress(true);
            door.bind(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), FreePorts.pick()),
                    BACKLOG);
            S3Front front = new S3Front(server, door, new FaultDice(seed));
            start(front::accept, "s3-front");
            return front;
        } catch (IOException e) {
            throw new EmbeddedServerException("The front of " + server + " cannot listen on loopback: " + e, e);
        }
    }

    /** Where clients connect. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + door.getLocalPort());
    }

    /**
     * From now on this befalls requests, in place of whatever did before.
     *
     * @param share of the requests, 0 to 1
     */
    public void fault(S3Fault fault, double share) {
        faults(Map.of(fault, share));
    }

    /**
     * From now on these befall requests, in place of whatever did before.
     *
     * @param shares of the requests, together at most 1
     */
    public void faults(Map<S3Fault, Double> shares) {
        dice.load(shares);
    }

    /** From now on nothing goes wrong here. */
    public void heal() {
        dice.load(Map.of());
    }

    /** How many requests went wrong so far, by the fault's label. */
    public Map<String, Long> hits() {
        return dice.hits();
    }

    /** Refuses connections and breaks those that there are. Further calls do nothing. */
    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new EmbeddedServerException("The front of " + server + " did not close: " + e, e);
        }
        connections.forEach(FrontConnection::close);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                FrontConnection connection = new FrontConnection(client, server, dice, line);
                connections.add(connection);
                start(() -> serve(connection), "s3-front-connection");
                if (door.isClosed()) {
                    connection.close(); // it came while the others were being closed
                }
            }
        } catch (IOException e) {
            // The door is closed, and with it the front.
        }
    }

    private void serve(FrontConnection connection) {
        try (connection) {
            connection.serve();
        } catch (IOException e) {
            // One side has hung up; closing tells the other.
        } finally {
            connections.remove(connection);
        }
    }

    private static void start(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
