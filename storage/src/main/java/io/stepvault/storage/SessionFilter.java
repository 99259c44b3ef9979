package io.stepvault.storage;

import io.stepvault.capture.IdCodec;
import io.stepvault.capture.InvalidIdException;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Which sessions a listing shows.
 *
 * @param idPrefix what their ids begin with; empty for all
 * @param from first UTC day of capture
 * @param to last UTC day of capture, inclusive
 */
public record SessionFilter(String idPrefix, Optional<LocalDate> from, Optional<LocalDate> to) {
    /** Every session. */
    public static final SessionFilter ALL = new SessionFilter("", Optional.empty(), Optional.empty());

    /**
     * Checks the prefix.
     *
     * @throws InvalidIdException if no id can begin with {@code idPrefix}
     */
    public SessionFilter {
        var unused = encoded(idPrefix);
    }

    /** Sessions whose ids begin with {@code prefix}. */
    public static SessionFilter byId(String prefix) {
        return ALL.withIdPrefix(prefix);
    }

    /** The same with another prefix. */
    public SessionFilter withIdPrefix(String prefix) {
        return new SessionFilter(prefix, from, to);
    }

    /** The same from {@code day} on. */
    public SessionFilter since(LocalDate day) {
        return new SessionFilter(idPrefix, Optional.of(day), to);
    }

    /** The same up to {@code day} and with it. */
    public SessionFilter until(LocalDate day) {
        return new SessionFilter(idPrefix, from, Optional.of(day));
    }

    boolean takes(LocalDate day) {
        return !from.map(day::isBefore).orElse(false) && !to.map(day::isAfter).orElse(false);
    }

    /** What encoded ids begin with if ids begin with {@code prefix}: bytes are encoded one by one. */
    static String encoded(String prefix) {
        return prefix.isEmpty() ? "" : IdCodec.encode(prefix);
    }
}
