package io.stepvault.embedded;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Picks loopback TCP ports that nothing listens on. They come from below the range that the usual systems give to
 * outgoing connections (32768 and up on Linux, 49152 and up elsewhere), so that a port stays free while its server is
 * down: a client that retries against a port of that range can even connect to itself.
 *
 * <p>A port is free when it is picked; it is not reserved. Thread-safe.
 */
public final class FreePorts {
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_767;
    private static final int ATTEMPTS_PER_PORT = 1_000;

    private FreePorts() {}

    /**
     * One free port.
     *
     * @throws EmbeddedServerException if none was found
     */
    public static int pick() {
        return pick(1).get(0);
    }

    /**
     * So many different free ports, in no particular order.
     *
     * @throws EmbeddedServerException if not enough were found
     */
    public static List<Integer> pick(int count) {
        Set<Integer> picked = new LinkedHashSet<>();
        for (int attempt = 0; picked.size() < count; attempt++) {
            if (attempt == count * ATTEMPTS_PER_PORT) {
                throw new EmbeddedServerException(
                        "Found only " + picked.size() + " of " + count + " free ports between " + LOWEST + " and "
                                + HIGHEST + " on loopback: stop servers that are no longer needed.",
                        null);
            }
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
            if (Loopback.isFree(port)) {
                picked.add(port);
            }
        }
        return new ArrayList<>(picked);
    }
}
