package io.stepvault.storage;

import io.stepvault.capture.Revision;
import io.stepvault.storage.object.StoreException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Two stores as one: what the first cannot store goes to the second, and reading looks into both, the greatest revision
 * winning. When a step is in neither, the first is asked again: it may have been moved from the second to the first
 * between the two looks.
 *
 * <p>A step found in one store is returned even if the other does not answer, though it might hold a later revision;
 * that is what the second store is for. If nothing was found and one store did not answer, its failure is thrown.
 * Listings need both stores: half a list would look like a whole one.
 *
 * <p>Safe for any thread. Closing closes both stores.
 */
public final class FallbackStepStore implements StepStore {
    private final StepStore first;
    private final StepStore second;

    /** Stores in {@code first} if it can, and in {@code second} if not. */
    public FallbackStepStore(StepStore first, StepStore second) {
        this.first = first;
        this.second = second;
    }

    /** The first store's. */
    @Override
    public URI location() {
        return first.location();
    }

    /** Outcomes tell by their URIs which store a step is in; if both fail, the first one's failure is given. */
    @Override
    public CompletableFuture<List<StoreOutcome>> storeAsync(List<StepToStore> batch) {
        return first.storeAsync(batch).thenCompose(outcomes -> {
            List<Integer> failed = new ArrayList<>();
            for (int i = 0; i < outcomes.size(); i++) {
                if (outcomes.get(i) instanceof StoreOutcome.Failed) {
                    failed.add(i);
                }
            }
            if (failed.isEmpty()) {
                return CompletableFuture.completedFuture(outcomes);
            }
            return second.storeAsync(failed.stream().map(batch::get).toList())
                    .thenApply(fallback -> merged(outcomes, failed, fallback));
        });
    }

    private static List<StoreOutcome> merged(
            List<StoreOutcome> outcomes, List<Integer> failed, List<StoreOutcome> fallback) {
        List<StoreOutcome> merged = new ArrayList<>(outcomes);
        for (int i = 0; i < failed.size(); i++) {
            StoreOutcome second = fallback.get(i);
            if (!(second instanceof StoreOutcome.Failed)) {
                merged.set(failed.get(i), second);
            } else if (merged.get(failed.get(i)) instanceof StoreOutcome.Failed one
                    && second instanceof StoreOutcome.Failed other
                    && one.cause() != other.cause()) {
                one.cause().addSuppressed(other.cause());
            }
        }
        return merged;
    }

    /** Empty if one of the stores takes objects: then steps can be stored. */
    @Override
    public CompletableFuture<Optional<StoreException>> probe() {
        return first.probe().thenCompose(failure -> {
            if (failure.isEmpty()) {
                return CompletableFuture.completedFuture(failure);
            }
            return second.probe().thenApply(other -> other.isEmpty() ? other : failure);
        });
    }

    @Override
    public Optional<StoredStep> load(String sessionId, String stepId) {
        return isKnownDeleted(sessionId) ? Optional.empty() : find(store -> store.load(sessionId, stepId));
    }

    @Override
    public Optional<StoredStep> load(String sessionId, String stepId, Revision revision) {
        return isKnownDeleted(sessionId) ? Optional.empty() : find(store -> store.load(sessionId, stepId, revision));
    }

    /** A store that does not answer says nothing: a step that is found in the other one is returned. */
    private boolean isKnownDeleted(String sessionId) {
        return saysDeleted(first, sessionId) || saysDeleted(second, sessionId);
    }

    private static boolean saysDeleted(StepStore store, String sessionId) {
        try {
            return store.isDeleted(sessionId);
        } catch (StoreException e) {
            return false; // what it fails with is thrown by the look into it, if nothing is found
        }
    }

    private Optional<StoredStep> find(Function<StepStore, Optional<StoredStep>> load) {
        Look one = Look.into(first, load);
        Look two = Look.into(second, load);
        Optional<StoredStep> greatest = one.greater(two);
        if (greatest.isPresent()) {
            return greatest;
        }
        Look again = one.failure == null ? Look.into(first, load) : one;
        if (again.found.isPresent()) {
            return again.found;
        }
        StoreException failure = again.failure != null ? again.failure : two.failure;
        if (failure != null) {
            throw failure;
        }
        return Optional.empty();
    }

    /** What a look into one store brought. */
    private record Look(
            Optional<StoredStep> found, @Nullable StoreException failure) {
        static Look into(StepStore store, Function<StepStore, Optional<StoredStep>> load) {
            try {
                return new Look(load.apply(store), null);
            } catch (StoreException e) {
                return new Look(Optional.empty(), e);
            }
        }

        /** The later revision; of the same one, this look's. */
        Optional<StoredStep> greater(Look other) {
            if (found.isEmpty() || other.found.isEmpty()) {
                return found.or(other::found);
            }
            boolean later = other.found.get().revision().compareTo(found.get().revision()) > 0;
            return later ? other.found : found;
        }
    }

    /** What is in neither is looked up in the first again, as one step is. */
    @Override
    public List<LoadOutcome> loadAll(List<StepAddress> steps) {
        return new MergedLoads(first, second).loadAll(steps);
    }

    /** A session that one store lists is looked up in the other one, where it may be deleted. */
    @Override
    public Page<SessionEntry> sessions(SessionFilter filter, PageRequest request) {
        return new MergedListing<SessionEntry>(
                        "sessions",
                        Comparator.naturalOrder(),
                        (store, page) -> store.sessions(filter, page),
                        (entry, other, empty) -> !other.isDeleted(entry.sessionId()))
                .page(first, second, request);
    }

    @Override
    public Page<String> sessionIds(String idPrefix, PageRequest request) {
        return new MergedListing<String>(
                        "session ids",
                        KeyOrder.OF_IDS,
                        (store, page) -> store.sessionIds(idPrefix, page),
                        (sessionId, other, empty) -> !other.isDeleted(sessionId))
                .page(first, second, request);
    }

    /** Where both stores have the session, a step that one of them lists is looked up in the other one. */
    @Override
    public Page<StepEntry> steps(String sessionId, PageRequest request) {
        Page<StepEntry> steps = new MergedListing<StepEntry>(
                        "steps",
                        Comparator.naturalOrder(),
                        (store, page) -> store.steps(sessionId, page),
                        (entry, other, empty) -> empty
                                || other.load(sessionId, entry.stepId())
                                        .map(step -> step.revision().compareTo(entry.revision()) < 0)
                                        .orElse(true))
                .page(first, second, request);
        return isDeleted(sessionId) ? Page.empty() : steps;
    }

    @Override
    public Page<Revision> revisions(String sessionId, String stepId, PageRequest request) {
        Page<Revision> revisions = new MergedListing<Revision>(
                        "revisions",
                        Comparator.naturalOrder(),
                        (store, page) -> store.revisions(sessionId, stepId, page),
                        (entry, other, empty) -> true)
                .page(first, second, request);
        return isDeleted(sessionId) ? Page.empty() : revisions;
    }

    @Override
    public Page<StepEntry> revisions(String sessionId, PageRequest request) {
        Page<StepEntry> revisions = new MergedListing<StepEntry>(
                        "session revisions",
                        KeyOrder.OF_REVISIONS,
                        (store, page) -> store.revisions(sessionId, page),
                        (entry, other, empty) -> true)
                .page(first, second, request);
        return isDeleted(sessionId) ? Page.empty() : revisions;
    }

    /** Whether it has been deleted from one of them. */
    @Override
    public boolean isDeleted(String sessionId) {
        return first.isDeleted(sessionId) || second.isDeleted(sessionId);
    }

    /** Deletes it from both. If the first one fails, the second is not asked: call it again. */
    @Override
    public Removed deleteSession(String sessionId) {
        return first.deleteSession(sessionId).plus(second.deleteSession(sessionId));
    }

    @Override
    public void close() {
        try (second) {
            first.close();
        }
    }
}
