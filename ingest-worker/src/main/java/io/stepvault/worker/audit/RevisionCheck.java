package io.stepvault.worker.audit;

import io.stepvault.storage.ContentDigest;
import io.stepvault.storage.StoreInspection;
import io.stepvault.storage.StoredObject;
import io.stepvault.storage.StoredRevision;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.worker.audit.AuditReport.Looked;
import io.stepvault.worker.audit.Difference.Kind;
import io.stepvault.worker.audit.RevisionComparison.Traced;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares one revision with its capture, by what the depth asks for. The store changes meanwhile: what is found amiss is
 * looked at once more, from a listing of its own. Safe for any thread.
 */
final class RevisionCheck {
    private final StoreInspection store;
    private final AuditDepth depth;

    RevisionCheck(StoreInspection store, AuditDepth depth) {
        this.store = store;
        this.depth = depth;
    }

    /**
     * Checks what a listing showed a moment ago.
     *
     * @throws io.stepvault.storage.object.StoreException if the store fails
     */
    CheckResult check(AuditedCapture capture, StoredRevision listed) {
        CheckResult first = compare(capture, listed);
        return first instanceof CheckResult.Equal ? first : check(capture);
    }

    /**
     * Lists the revision and checks it.
     *
     * @throws io.stepvault.storage.object.StoreException if the store fails
     */
    CheckResult check(AuditedCapture capture) {
        RevisionName name = capture.name();
        return store.find(name.sessionId(), name.stepId(), name.revision())
                .map(listed -> compare(capture, listed))
                .orElse(new CheckResult.NotThere(false));
    }

    private CheckResult compare(AuditedCapture capture, StoredRevision listed) {
        if (!listed.isCommitted()) {
            return new CheckResult.NotThere(true);
        }
        List<Difference> differences = new ArrayList<>(RevisionComparison.listing(capture, listed));
        Looked looked = new Looked(capture.artifacts().size(), 0, 0);
        if (depth != AuditDepth.LISTING) {
            Optional<byte[]> json = store.readCommitRecord(listed);
            if (json.isEmpty()) {
                return new CheckResult.NotThere(true);
            }
            // Its size is told by the listing, what is in it tells more.
            differences.removeIf(difference -> difference.object().equals(RevisionComparison.COMMIT_RECORD));
            RevisionComparison.commitRecord(capture, json.get()).ifPresent(differences::add);
            looked = Looked.AT_NOTHING;
            for (AuditedArtifact artifact : capture.artifacts()) {
                for (StoredObject form : RevisionComparison.forms(artifact, listed)) {
                    looked = looked.plus(compare(artifact, listed, form, differences));
                }
            }
        }
        return differences.isEmpty() ? new CheckResult.Equal(looked) : new CheckResult.Differs(differences);
    }

    private Looked compare(
            AuditedArtifact artifact, StoredRevision listed, StoredObject form, List<Difference> differences) {
        if (!form.isCompressed() && form.size() != artifact.size()) {
            return Looked.AT_NOTHING; // told already
        }
        try {
            if (depth == AuditDepth.CHECKSUMS) {
                Traced traced = RevisionComparison.trace(artifact, store.trace(listed, form));
                if (traced != Traced.DOUBTFUL) {
                    return traced == Traced.EQUAL ? new Looked(0, 1, 0) : new Looked(1, 0, 0);
                }
            }
            ContentDigest digest = store.digest(listed, form, artifact.size());
            RevisionComparison.content(artifact, form, digest).ifPresent(differences::add);
        } catch (ObjectNotFoundException e) {
            differences.add(new Difference(Kind.ARTIFACT_MISSING, form.name(), "it is gone since it was listed"));
        } catch (ObjectCorruptException e) {
            differences.add(new Difference(Kind.CONTENT, form.name(), "its compressed form is damaged"));
        }
        return new Looked(0, 0, 1);
    }
}
