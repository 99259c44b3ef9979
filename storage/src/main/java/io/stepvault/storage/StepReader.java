package io.stepvault.storage;

import io.stepvault.capture.CommitRecord;
import io.stepvault.capture.Revision;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.ObjectStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads revisions whose commit records prove what their keys say. Safe for any thread. */
final class StepReader {
    private final ObjectStore objects;
    private final ObjectsLayout layout;
    private final CheckedReader records;
    private final ArtifactReader artifacts;

    StepReader(ObjectStore objects, ObjectsLayout layout, CheckedReader records, ArtifactReader artifacts) {
        this.objects = objects;
        this.layout = layout;
        this.records = records;
        this.artifacts = artifacts;
    }

    /** A given revision of a step; empty if it has no commit record. */
    Optional<StoredStep> read(String sessionId, String stepId, Revision revision) {
        String key = layout.commitRecord(layout.revision(sessionId, stepId, revision));
        return records.readCommitRecord(key).map(json -> {
            CommitRecord record = proven(key, json, sessionId, stepId, revision);
            return new ObjectStep(artifacts, objects, layout, record, revision);
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
                records.store(), key, "the commit record does not prove its own key; replay the capture", cause);
    }
}
