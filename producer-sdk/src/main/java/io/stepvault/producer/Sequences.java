package io.stepvault.producer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The next sequence number of each session. Forgets the session that has been quiet longest when there are too many.
 *
 * <p>Not safe for concurrent use: {@link Outbox} guards it.
 */
final class Sequences {
    private final Map<String, Long> next;

    Sequences(int maxSessions) {
        this.next = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                return size() > maxSessions;
            }
        };
    }

    /** Numbers a capture of a session: the number that it brings, or else the session's next. */
    long number(String sessionId, Optional<Long> given) {
        long expected = next.getOrDefault(sessionId, 0L);
        long number = given.orElse(expected);
        if (number >= expected && number < Long.MAX_VALUE) {
            next.put(sessionId, number + 1);
        }
        return number;
    }

    /** Forgets a session that has ended. */
    void forget(String sessionId) {
        next.remove(sessionId);
    }

    int sessions() {
        return next.size();
    }
}
