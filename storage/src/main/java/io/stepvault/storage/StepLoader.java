package io.stepvault.storage;

import io.stepvault.capture.CommitRecord;
import io.stepvault.capture.Revision;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.StoreException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Loads steps, one or many, whose commit records prove what their keys say. Safe for any thread. */
final class StepLoader {
    private final ObjectStore objects;
    private final ObjectsLayout layout;
    private final CheckedReader reader;
    private final StepListing listing;
    private final Tombstones tombstones;
    private final ParallelCalls calls;

    StepLoader(
            ObjectStore objects,
            ObjectsLayout layout,
            CheckedReader reader,
            StepListing listing,
            Tombstones tombstones,
            ParallelCalls calls) {
        this.objects = objects;
        this.layout = layout;
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
                .flatMap(revision -> read(step.sessionId(), step.stepId(), revision));
    }

    private Optional<StoredStep> read(String sessionId, String stepId, Revision revision) {
        String key = layout.commitRecord(layout.revision(sessionId, stepId, revision));
        return reader.readCommitRecord(key).map(json -> {
            CommitRecord record = proven(key, json, sessionId, stepId, revision);
            return new ObjectStep(reader, objects, layout, record, revision);
        });
    }

    private CommitRecord proven(String key, byte[] json, String sessionId, String stepId, Revision revision) {
        try {
            CommitRecord record = CommitRecord.parse(json);
            if (record.sessionId().equals(sessionId)
                    && record.stepId().equals(stepId)
                    && record.revision(json).equals(revision)) {
                return record;
            }
        } catch (IllegalArgumentException e) {
            throw corrupt(key, e);
        }
        throw corrupt(key, null);
    }

    private ObjectCorruptException corrupt(String key, @Nullable Exception cause) {
        return new ObjectCorruptException(
                reader.store(), key, "the commit record does not prove its own key; replay the capture", cause);
    }
}
