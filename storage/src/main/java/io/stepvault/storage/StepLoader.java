package io.stepvault.storage;

import io.stepvault.storage.object.StoreException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds steps, one or many, that are not of deleted sessions. Safe for any thread. */
final class StepLoader {
    private final StepReader reader;
    private final StepListing listing;
    private final Tombstones tombstones;
    private final ParallelCalls calls;

    StepLoader(StepReader reader, StepListing listing, Tombstones tombstones, ParallelCalls calls) {
        this.reader = reader;
        this.listing = listing;
        this.tombstones = tombstones;
        this.calls = calls;
    }

    Optional<StoredStep> load(StepAddress step) {
        return tombstones.isDeleted(step.sessionId()) ? Optional.empty() : find(step);
    }

    /** One outcome per step, in order. Each session's tombstone is looked for once. */
    List<LoadOutcome> loadAll(List<StepAddress> steps) {
        List<String> sessions =
                steps.stream().map(StepAddress::sessionId).distinct().toList();
        List<Optional<LoadOutcome>> looks = calls.all(sessions, this::outcomeOfAll);
        Map<String, Optional<LoadOutcome>> outcomes = new HashMap<>();
        for (int i = 0; i < sessions.size(); i++) {
            outcomes.put(sessions.get(i), looks.get(i));
        }
        return calls.all(
                steps,
                step -> outcomes.getOrDefault(step.sessionId(), Optional.empty())
                        .orElseGet(() -> LoadOutcome.of(() -> find(step))));
    }

    /** The outcome of all steps of a session, if they need not be looked up one by one. */
    private Optional<LoadOutcome> outcomeOfAll(String sessionId) {
        try {
            return tombstones.isDeleted(sessionId) ? Optional.of(new LoadOutcome.Missing()) : Optional.empty();
        } catch (StoreException e) {
            return Optional.of(new LoadOutcome.Failed(e));
        }
    }

    private Optional<StoredStep> find(StepAddress step) {
        return step.revision()
                .or(() -> listing.latestRevision(step.sessionId(), step.stepId()))
                .flatMap(revision -> reader.read(step.sessionId(), step.stepId(), revision));
    }
}
