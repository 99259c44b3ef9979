package io.stepvault.producer;

import io.stepvault.event.StepCapture;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The next sequence number of each session, by the rules of {@link StepPublisher}. Forgets the session that has been
 * quiet longest when there are too many. Public for other implementations of {@link StepPublisher}.
 *
 * <p>Not safe for concurrent use.
 */
public final class Sequences {
    /** For how many sessions a publisher keeps the number. */
    public static final int MAX_SESSIONS = 10_000;

    private final Map<String, Long> next;

    /** Numbers of so many sessions at most. */
    public Sequences(int maxSessions) {
        this.next = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                return size() > maxSessions;
            }
        };
    }

    /** Numbers a capture of a session: the number that it brings, or else the session's next. */
    public long number(String sessionId, Optional<Long> given) {
        long expected = next.getOrDefault(sessionId, 0L);
        long number = given.orElse(expected);
        if (number >= expected && number < Long.MAX_VALUE) {
            next.put(sessionId, number + 1);
        }
        return number;
    }

    /** Forgets a session that has ended. */
    public void forget(String sessionId) {
        next.remove(sessionId);
    }

    /**
     * A capture with this sequence number, sharing everything else; the given one if it has a number.
     *
     * @param sequence its number, if any
     */
    @SuppressWarnings("NullAway") // the generated constructor takes null for what is not given
    public static StepCapture numbered(StepCapture capture, Optional<Long> sequence) {
        return capture.getSequence().isPresent()
                ? capture
                : new StepCapture(
                        capture.getSessionId(),
                        capture.getStepId(),
                        capture.getCapturedAt(),
                        sequence.orElse(null),
                        capture.getUrl().orElse(null),
                        capture.getHtml().orElse(null),
                        capture.getScreenshot().orElse(null),
                        capture.getAction().orElse(null),
                        capture.getAttachments(),
                        capture.getLabels(),
                        capture.getEndOfSession());
    }

    int sessions() {
        return next.size();
    }
}
