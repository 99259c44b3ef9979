package io.stepvault.server.guard;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whether a request was meant for this server, by its {@code Host}. A page of an attacker whose name resolves to this
 * machine (DNS rebinding) has that name here, and not one of ours. Ports may differ, as they do behind a tunnel.
 * Immutable; safe for any thread.
 */
final class HostCheck {
    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-f:.]{2,45}]|[a-z0-9._-]{1,253})(?::([0-9]{1,5}))?");
    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.(?!$)|$)){4}");

    private final Set<String> allowed;

    /**
     * A check.
     *
     * @param allowed names besides the loopback's and the address that was connected to
     */
    HostCheck(Set<String> allowed) {
        this.allowed =
                allowed.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Whether the host is this server's.
     *
     * @param host the header field
     * @param local the address that the client is connected to
     */
    boolean allows(String host, InetAddress local) {
        Matcher parts = HOST.matcher(host.toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            return false;
        }
        String name = parts.group(1);
        return name.equals("localhost")
                || allowed.contains(name)
                || literal(name)
                        .filter(address -> address.isLoopbackAddress() || address.equals(local))
                        .isPresent();
    }

    /** The port in a host that is allowed; empty if it has the scheme's own. */
    static Optional<String> port(String host) {
        Matcher parts = HOST.matcher(host.toLowerCase(Locale.ROOT));
        return parts.matches() ? Optional.ofNullable(parts.group(2)) : Optional.empty();
    }

    private static Optional<InetAddress> literal(String name) {
        if (!name.startsWith("[") && !IPV4.matcher(name).matches()) {
            return Optional.empty();
        }
        try {
            // Neither form makes it ask a name server.
            return Optional.of(InetAddress.getByName(name));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
