package io.stepvault.embedded;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Picks loopback TCP ports that nothing listens on. They come from below the range that the usual systems give to
 * outgoing connections (32768 and up on Linux, 49152 and up elsewhere), so that a port stays free while its server is
 * down: a client that retries against a port of that range can even connect to itself.
 *
 * <p>A port is free when it is picked; it is not reserved, and that of a server that is down for a while may be picked
 * again. So JVMs that pick at the same time should each be given a part of the range: the system property
 * {@value #PART}, as {@code 2/3} for the second of three. Thread-safe.
 */
public final class FreePorts {
    private static final String PART = "stepvault.ports.part";
    private static final Pattern PART_OF = Pattern.compile("([1-9]\\d{0,2})/([1-9]\\d{0,2})");
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_767;
    private static final int ATTEMPTS_PER_PORT = 1_000;

    private FreePorts() {}

    /**
     * One free port.
     *
     * @throws EmbeddedServerException if none was found
     * @throws IllegalArgumentException if the system property does not name a part
     */
    public static int pick() {
        return pick(1).get(0);
    }

    /**
     * So many different free ports, in no particular order.
     *
     * @throws EmbeddedServerException if not enough were found
     * @throws IllegalArgumentException if the system property does not name a part
     */
    public static List<Integer> pick(int count) {
        return pick(count, System.getProperty(PART, "1/1"));
    }

    static List<Integer> pick(int count, String part) {
        Matcher parts = PART_OF.matcher(part);
        if (!parts.matches() || Integer.parseInt(parts.group(1)) > Integer.parseInt(parts.group(2))) {
            throw new IllegalArgumentException("Expected " + PART + " as 2/3, was " + part);
        }
        int size = (HIGHEST + 1 - LOWEST) / Integer.parseInt(parts.group(2));
        int lowest = LOWEST + size * (Integer.parseInt(parts.group(1)) - 1);
        Set<Integer> picked = new LinkedHashSet<>();
        for (int attempt = 0; picked.size() < count; attempt++) {
            if (attempt == count * ATTEMPTS_PER_PORT) {
                throw new EmbeddedServerException(
                        "Found only " + picked.size() + " of " + count + " free ports between " + lowest + " and "
                                + (lowest + size - 1) + " on loopback: stop servers that are no longer needed.",
                        null);
            }
            int port = ThreadLocalRandom.current().nextInt(lowest, lowest + size);
            if (Loopback.isFree(port)) {
                picked.add(port);
            }
        }
        return new ArrayList<>(picked);
    }
}
