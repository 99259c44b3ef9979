package io.stepvault.worker.replay;

import io.stepvault.capture.Revision;
import io.stepvault.storage.Page;
import io.stepvault.storage.PageRequest;
import io.stepvault.storage.StepEntry;
import io.stepvault.storage.StepStore;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the store has, session by session: the keys of a session are listed once, when it is first asked for, and kept
 * while there is room. Of a session that has more revisions than are kept, each step is listed when it is asked for.
 *
 * <p>Safe for any thread. Calls block while the store is asked.
 */
final class StoredSessions {
    private final StepStore store;
    private final int maxRevisions;
    private final Map<String, Look> looks = new LinkedHashMap<>(16, 0.75f, true);

    /** What is known of a session. */
    private sealed interface Known {
        /** It has been deleted. */
        record Deleted() implements Known {}

        /** All of it. */
        record All(StoredSession session) implements Known {}

        /** It is there, and too large to be kept. */
        record TooLarge() implements Known {}
    }

    /** One look at a session, shared by all who ask at the same time. */
    private static final class Look {
        private Optional<Known> known = Optional.empty();

        private int size() {
            return known.isPresent() && known.get() instanceof Known.All all
                    ? 1 + all.session().size()
                    : 1;
        }
    }

    /**
     * Looks into {@code store}.
     *
     * @param maxRevisions how many revisions are remembered at most; each takes up some 200 bytes
     */
    StoredSessions(StepStore store, int maxRevisions) {
        this.store = store;
        this.maxRevisions = maxRevisions;
    }

    /**
     * What is stored of a session; of a very large one, of one step only.
     *
     * @return empty if the session has been deleted
     * @throws io.stepvault.storage.object.StoreException if the store fails
     */
    Optional<StoredSession> of(String sessionId, String stepId) {
        Look look;
        synchronized (looks) {
            look = looks.computeIfAbsent(sessionId, any -> new Look());
            forgetTooMany(sessionId);
        }
        Known known;
        synchronized (look) {
            if (look.known.isEmpty()) {
                look.known = Optional.of(lookAt(sessionId));
            }
            known = look.known.get();
        }
        if (known instanceof Known.All all) {
            return Optional.of(all.session());
        }
        return known instanceof Known.Deleted ? Optional.empty() : Optional.of(step(sessionId, stepId));
    }

    private Known lookAt(String sessionId) {
        int limit = Math.min(Math.max(1, maxRevisions / 2), PageRequest.MAX_LIMIT);
        Page<StepEntry> page = store.revisions(sessionId, PageRequest.first(limit));
        if (page.items().isEmpty() && store.isDeleted(sessionId)) {
            return new Known.Deleted();
        } else if (page.nextToken().isPresent()) {
            return new Known.TooLarge();
        }
        StoredSession session = new StoredSession();
        page.items().forEach(entry -> session.add(entry.stepId(), entry.revision()));
        return new Known.All(session);
    }

    private StoredSession step(String sessionId, String stepId) {
        StoredSession step = new StoredSession();
        Optional<PageRequest> request = Optional.of(PageRequest.first(1_000));
        while (request.isPresent()) {
            Page<Revision> page = store.revisions(sessionId, stepId, request.get());
            page.items().forEach(revision -> step.add(stepId, revision));
            request = page.nextToken().map(token -> PageRequest.after(token, 1_000));
        }
        return step;
    }

    /** The least lately used go first, but not the one that is asked for. */
    private void forgetTooMany(String asked) {
        long revisions = looks.values().stream().mapToLong(Look::size).sum();
        for (Iterator<Map.Entry<String, Look>> each = looks.entrySet().iterator();
                revisions > maxRevisions && each.hasNext(); ) {
            Map.Entry<String, Look> eldest = each.next();
            if (!eldest.getKey().equals(asked)) {
                revisions -= eldest.getValue().size();
                each.remove();
            }
        }
    }
}
