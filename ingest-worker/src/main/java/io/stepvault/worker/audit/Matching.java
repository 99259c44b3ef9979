package io.stepvault.worker.audit;

import io.stepvault.storage.StoredRevision;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Matches captures with what a store lists, both in the order of {@link RevisionName}, and keeps one of each. Does no I/O
 * of its own; for one thread.
 */
final class Matching {
    private final Iterator<CapturedRevision> captures;
    private final Output output;
    private @Nullable CapturedRevision ahead;
    private @Nullable RevisionName last;

    /** Is told what matches. */
    interface Output {
        /** A capture of which nothing is stored. */
        void notListed(CapturedRevision capture);

        /** A capture of which something is stored. Two captures whose names collide are both told with the same. */
        void listed(CapturedRevision capture, StoredRevision stored);

        /** Something is stored that no capture of the range asks for. */
        void notInRange(StoredRevision stored);
    }

    Matching(Iterator<CapturedRevision> captures, Output output) {
        this.captures = captures;
        this.output = output;
    }

    /** The session of the next capture that has not been matched. */
    Optional<String> nextSession() {
        return peek().map(capture -> capture.name().sessionId());
    }

    /** What the store lists next. */
    void stored(StoredRevision stored) {
        RevisionName name = RevisionName.of(stored);
        if (last != null && last.compareTo(name) >= 0) {
            throw new UnorderedListingException(last, name);
        }
        last = name;
        boolean inRange = false;
        for (Optional<CapturedRevision> next = peek(); next.isPresent(); next = peek()) {
            int order = next.get().name().compareTo(name);
            if (order > 0) {
                break;
            }
            if (order == 0) {
                inRange = true;
                output.listed(take(), stored);
            } else {
                output.notListed(take());
            }
        }
        if (!inRange) {
            output.notInRange(stored);
        }
    }

    /** The store lists nothing more of a session. */
    void endOf(String sessionId) {
        while (nextSession().filter(sessionId::equals).isPresent()) {
            output.notListed(take());
        }
    }

    /** The store lists nothing more. */
    void end() {
        while (peek().isPresent()) {
            output.notListed(take());
        }
    }

    private Optional<CapturedRevision> peek() {
        if (ahead == null && captures.hasNext()) {
            ahead = captures.next();
        }
        return Optional.ofNullable(ahead);
    }

    private CapturedRevision take() {
        CapturedRevision taken = peek().orElseThrow(NoSuchElementException::new);
        ahead = null;
        return taken;
    }
}
