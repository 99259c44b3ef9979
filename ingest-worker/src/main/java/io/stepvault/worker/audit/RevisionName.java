package io.stepvault.worker.audit;

import io.stepvault.capture.IdCodec;
import io.stepvault.capture.Revision;
import io.stepvault.storage.StoredRevision;

/**
 * What a revision is called, in the order in which stores list revisions: that of {@link io.stepvault.storage.KeyOrder}.
 * Immutable.
 */
public record RevisionName(String sessionId, String stepId, Revision revision) implements Comparable<RevisionName> {
    static RevisionName of(StoredRevision stored) {
        return new RevisionName(stored.sessionId(), stored.stepId(), stored.revision());
    }

    /** The ids encoded, so that the order of these texts is that of the store's keys. */
    String path() {
        return IdCodec.encode(sessionId) + "/" + IdCodec.encode(stepId) + "/" + revision + "/";
    }

    static RevisionName parse(String path) {
        String[] parts = path.split("/", -1);
        if (parts.length != 4 || !parts[3].isEmpty()) {
            throw new IllegalArgumentException("no path of a revision");
        }
        return new RevisionName(IdCodec.decode(parts[0]), IdCodec.decode(parts[1]), Revision.parse(parts[2]));
    }

    @Override
    public int compareTo(RevisionName other) {
        return path().compareTo(other.path());
    }

    /** As in keys. */
    @Override
    public String toString() {
        return IdCodec.encode(sessionId) + "/steps/" + IdCodec.encode(stepId) + "/" + revision;
    }
}
