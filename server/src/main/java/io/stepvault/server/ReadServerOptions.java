package io.stepvault.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;

/**
 * How a {@link ReadServer} is reached.
 *
 * @param address where it listens; port 0 takes any free one
 * @param clock tells when what is kept for a while has become old
 */
public record ReadServerOptions(InetSocketAddress address, Clock clock) {
    /** On this port of the loopback address, for this machine only. */
    public static ReadServerOptions onLoopback(int port) {
        return new ReadServerOptions(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Clock.systemUTC());
    }
}
