package io.stepvault.server.guard;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who has signed in: random secrets of 256 bits, kept as hashes for {@link #LASTING}. When there are too many, the oldest
 * is signed out. Safe for any thread.
 */
final class LoginSessions {
    /** How long one may stay signed in. */
    static final Duration LASTING = Duration.ofHours(12);

    /** The most that are signed in at once. */
    static final int MOST = 1_000;

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Instant> expiries = new LinkedHashMap<>();

    LoginSessions(Clock clock) {
        this.clock = clock;
    }

    /** Signs somebody in. Returns the secret that proves it. */
    String begin() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        synchronized (this) {
            expiries.put(key(secret), clock.instant().plus(LASTING));
            if (expiries.size() > MOST) {
                expiries.remove(expiries.keySet().iterator().next());
            }
        }
        return secret;
    }

    /** Whether the secret is that of somebody who is signed in. */
    synchronized boolean knows(String secret) {
        Instant expiry = expiries.get(key(secret));
        return expiry != null && clock.instant().isBefore(expiry);
    }

    /** Signs out whom the secret belongs to, if it is anybody's. */
    synchronized void end(String secret) {
        expiries.remove(key(secret));
    }

    private static String key(String secret) {
        return HexFormat.of().formatHex(BearerToken.sha256(secret));
    }
}
