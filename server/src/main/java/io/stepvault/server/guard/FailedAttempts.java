package io.stepvault.server.guard;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How often an address has come with a wrong token: {@value #AT_ONCE} times at once, then once every {@value #SECONDS}
 * seconds. Until it may try again it is not told whether a token is right. An IPv6 address counts by its first 64 bits,
 * since whoever has one has them all. Remembers a bounded number of addresses. Safe for any thread.
 */
final class FailedAttempts {
    static final int AT_ONCE = 10;
    static final int SECONDS = 6;

    private static final Duration EACH = Duration.ofSeconds(SECONDS);
    private static final Duration MOST = EACH.multipliedBy(AT_ONCE);
    private static final int ADDRESSES = 10_000;

    private final Clock clock;

    /** When an address will have made up for all its failures. */
    private final Map<String, Instant> settled = new LinkedHashMap<>();

    FailedAttempts(Clock clock) {
        this.clock = clock;
    }

    /** How long the address must wait before its next attempt; empty if it need not. */
    synchronized Optional<Duration> wait(InetAddress address) {
        Instant until = settled.get(key(address));
        if (until == null) {
            return Optional.empty();
        }
        Duration debt = Duration.between(clock.instant(), until);
        Duration room = MOST.minus(EACH);
        return debt.compareTo(room) > 0 ? Optional.of(debt.minus(room)) : Optional.empty();
    }

    /** Counts a failure. */
    synchronized void count(InetAddress address) {
        Instant now = clock.instant();
        Instant until = settled.remove(key(address));
        settled.put(key(address), (until == null || until.isBefore(now) ? now : until).plus(EACH));
        if (settled.size() > ADDRESSES) {
            settled.remove(settled.keySet().iterator().next());
        }
    }

    private static String key(InetAddress address) {
        byte[] bytes = address.getAddress();
        return HexFormat.of().formatHex(address instanceof Inet6Address ? Arrays.copyOf(bytes, 8) : bytes);
    }
}
