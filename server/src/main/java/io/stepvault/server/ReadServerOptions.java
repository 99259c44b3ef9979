package io.stepvault.server;

import io.stepvault.server.guard.BearerToken;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/**
 * How a {@link ReadServer} is reached, and by whom.
 *
 * @param address where it listens; port 0 takes any free one
 * @param token what callers must know; other machines are not served without one
 * @param allowedHosts names, without port, by which it is reached besides {@code localhost} and its address
 * @param trustForwardedProto whether a proxy in front sets {@code X-Forwarded-Proto}, and nobody can go around it
 * @param limits what it does at most
 * @param clock tells when what is kept for a while has become old
 */
public record ReadServerOptions(
        InetSocketAddress address,
        Optional<BearerToken> token,
        Set<String> allowedHosts,
        boolean trustForwardedProto,
        ReadLimits limits,
        Clock clock) {

    /**
     * Checks that what other machines can reach has a token, and copies the set.
     *
     * @throws IllegalArgumentException if not
     */
    public ReadServerOptions {
        allowedHosts = Set.copyOf(allowedHosts);
        if (address.isUnresolved()) {
            throw new IllegalArgumentException(
                    "there is no address for host " + address.getHostString() + "; give one of this machine's");
        }
        if (token.isEmpty() && !address.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("other machines can reach " + address.getHostString()
                    + ", so a bearer token must be given; or listen on 127.0.0.1");
        }
    }

    /** For this machine only, on a port of the loopback address, without a token. */
    public static ReadServerOptions onLoopback(int port) {
        return new ReadServerOptions(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                Optional.empty(),
                Set.of(),
                false,
                ReadLimits.defaults(),
                Clock.systemUTC());
    }

    /** The same for those who know a token. */
    public ReadServerOptions withToken(BearerToken other) {
        return new ReadServerOptions(address, Optional.of(other), allowedHosts, trustForwardedProto, limits, clock);
    }

    /** The same with other limits. */
    public ReadServerOptions withLimits(ReadLimits other) {
        return new ReadServerOptions(address, token, allowedHosts, trustForwardedProto, other, clock);
    }

    /** The same by another clock. */
    public ReadServerOptions withClock(Clock other) {
        return new ReadServerOptions(address, token, allowedHosts, trustForwardedProto, limits, other);
    }
}
