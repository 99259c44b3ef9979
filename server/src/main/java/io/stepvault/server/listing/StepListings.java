package io.stepvault.server.listing;

import io.stepvault.server.cache.SharedResults;
import io.stepvault.server.http.ProblemException;
import io.stepvault.storage.Page;
import io.stepvault.storage.PageRequest;
import io.stepvault.storage.StepEntry;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.object.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * Lists the steps of sessions. Many viewers may look at a session while it grows, and each listing reads all of its
 * keys: so those who ask at the same time share one, and those who ask within {@link #FRESH} of its end as well. Safe for
 * any thread.
 */
public final class StepListings {
    /** How long a listing is taken for the present. */
    static final Duration FRESH = Duration.ofMillis(1_500);

    /** The most steps that are kept, of all sessions together: about 50 MB. */
    private static final long MOST = 200_000;

    private final StepStore store;
    private final Turns turns;
    private final SharedResults<String, SessionSteps> recent;

    /**
     * Listings of {@code store}.
     *
     * @param turns when the store may be asked
     */
    public StepListings(StepStore store, Turns turns, Clock clock) {
        this.store = store;
        this.turns = turns;
        this.recent = new SharedResults<>(FRESH, MOST, SessionSteps::weight, clock);
    }

    /**
     * A session's steps.
     *
     * @throws ProblemException 503 if too many are listing
     * @throws StoreException if the store fails
     */
    public SessionSteps of(String sessionId) {
        return recent.get(
                sessionId, () -> turns.take(() -> SessionSteps.read(PageRequest.MAX_LIMIT, listing(sessionId))));
    }

    /**
     * A page of a session's steps by capture time.
     *
     * @throws ProblemException 400 if the token is not one of this listing, 503 if too many are listing
     * @throws StoreException if the store fails
     */
    public Page<StepEntry> page(String sessionId, PageRequest request) {
        Optional<StepEntry> after =
                request.token().map(token -> Place.parse(token).in(sessionId));
        return of(sessionId)
                .page(
                        request.limit(),
                        after,
                        asked -> turns.take(() -> listing(sessionId).apply(asked)));
    }

    private Function<PageRequest, Page<StepEntry>> listing(String sessionId) {
        return request -> store.revisions(sessionId, request);
    }
}
