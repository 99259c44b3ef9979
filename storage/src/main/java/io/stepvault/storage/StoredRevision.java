package io.stepvault.storage;

import io.stepvault.capture.Revision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that a store lists of one revision, committed or not.
 *
 * @param objects in the order of their keys, at least one
 */
public record StoredRevision(String sessionId, String stepId, Revision revision, List<StoredObject> objects) {
    /** Copies; checks that there is an object. */
    public StoredRevision {
        objects = List.copyOf(objects);
        if (objects.isEmpty()) {
            throw new IllegalArgumentException("a revision without objects is none");
        }
    }

    static StoredRevision of(RevisionObjects revision) {
        return new StoredRevision(
                revision.place().sessionId(),
                revision.place().stepId(),
                revision.place().revision(),
                revision.objects().stream()
                        .map(object -> new StoredObject(
                                object.key().substring(revision.prefix().length()),
                                object.size(),
                                object.lastModified()))
                        .toList());
    }

    /** Whether it has a commit record: without one it does not exist for readers. */
    public boolean isCommitted() {
        return commitRecord().isPresent();
    }

    /** Its commit record. */
    public Optional<StoredObject> commitRecord() {
        return objects.stream().filter(StoredObject::isCommitRecord).findFirst();
    }

    /** When the last of its objects was written. */
    public Instant lastModified() {
        return objects.stream()
                .map(StoredObject::lastModified)
                .max(Instant::compareTo)
                .orElseThrow();
    }
}
