package io.stepvault.storage;

import io.stepvault.capture.IdCodec;
import java.time.LocalDate;
import java.util.Comparator;

/**
 * A session on a day. The order is that of listings: newest day first, then by encoded id.
 *
 * @param day UTC day of capture
 */
public record SessionEntry(LocalDate day, String sessionId) implements Comparable<SessionEntry> {
    private static final Comparator<SessionEntry> ORDER = Comparator.comparing(
                    SessionEntry::day, Comparator.reverseOrder())
            .thenComparing(entry -> IdCodec.encode(entry.sessionId()));

    @Override
    public int compareTo(SessionEntry other) {
        return ORDER.compare(this, other);
    }
}
