package io.stepvault.worker.audit;

import io.stepvault.capture.CommitRecord;
import io.stepvault.storage.ContentDigest;
import io.stepvault.storage.ContentTrace;
import io.stepvault.storage.StoredObject;
import io.stepvault.storage.StoredRevision;
import io.stepvault.worker.audit.Difference.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Tells how what is stored differs from a capture, from what others have read. Stateless; does no I/O. */
final class RevisionComparison {
    static final String COMMIT_RECORD = "step.json";

    private RevisionComparison() {}

    /** By the listing of a committed revision alone. Of what is compressed, it does not tell the content's size. */
    static List<Difference> listing(AuditedCapture capture, StoredRevision stored) {
        List<Difference> differences = new ArrayList<>();
        stored.commitRecord()
                .filter(object -> object.size() != capture.commitBytes())
                .ifPresent(object -> differences.add(size(COMMIT_RECORD, object.size(), capture.commitBytes())));
        for (AuditedArtifact artifact : capture.artifacts()) {
            List<StoredObject> forms = forms(artifact, stored);
            if (forms.isEmpty()) {
                differences.add(new Difference(Kind.ARTIFACT_MISSING, artifact.objectName(), "it is not there"));
            }
            forms.stream()
                    .filter(form -> !form.isCompressed() && form.size() != artifact.size())
                    .forEach(form -> differences.add(size(form.name(), form.size(), artifact.size())));
        }
        return differences;
    }

    private static Difference size(String object, long actual, long expected) {
        return new Difference(Kind.SIZE, object, "it has " + actual + " bytes in place of " + expected);
    }

    /** In which forms an artifact is stored: as it is, compressed, or both. */
    static List<StoredObject> forms(AuditedArtifact artifact, StoredRevision stored) {
        return stored.objects().stream()
                .filter(object -> object.plainName().equals(artifact.objectName()))
                .toList();
    }

    /** What lies there and is none of the capture's. It does no harm. */
    static List<StoredObject> strays(AuditedCapture capture, StoredRevision stored) {
        Set<String> names = new HashSet<>();
        capture.artifacts().forEach(artifact -> names.add(artifact.objectName()));
        return stored.objects().stream()
                .filter(object -> !object.isCommitRecord() && !names.contains(object.plainName()))
                .toList();
    }

    /** By the bytes of {@code step.json}. */
    static Optional<Difference> commitRecord(AuditedCapture capture, byte[] json) {
        if (AuditedCapture.sha256(json).equals(capture.commitSha256())) {
            return Optional.empty();
        }
        String detail;
        try {
            CommitRecord record = CommitRecord.parse(json);
            detail = record.revision().equals(capture.name().revision())
                    ? "it says the same in another form"
                    : "it is that of another capture, or was changed";
        } catch (IllegalArgumentException e) {
            detail = "it is no commit record";
        }
        return Optional.of(new Difference(Kind.COMMIT_RECORD, COMMIT_RECORD, detail));
    }

    /** What a trace says of an artifact. */
    enum Traced {
        /** It is the capture's, as far as the store knows. */
        EQUAL,
        /** The size is right, and the store keeps no checksum. */
        SIZE_ONLY,
        /** It is not the capture's, or nothing is known: the bytes have to be read. */
        DOUBTFUL
    }

    static Traced trace(AuditedArtifact artifact, ContentTrace trace) {
        if (trace.size().isEmpty() || trace.size().getAsLong() != artifact.size()) {
            return Traced.DOUBTFUL;
        }
        OptionalInt crc32 = trace.crc32();
        if (crc32.isEmpty()) {
            return Traced.SIZE_ONLY;
        }
        return crc32.getAsInt() == artifact.crc32() ? Traced.EQUAL : Traced.DOUBTFUL;
    }

    /** By all its bytes. */
    static Optional<Difference> content(AuditedArtifact artifact, StoredObject object, ContentDigest digest) {
        if (digest.size() != artifact.size()) {
            String actual = digest.size() > artifact.size() ? "more than " + artifact.size() : "" + digest.size();
            return Optional.of(new Difference(
                    Kind.SIZE, object.name(), "its content has " + actual + " bytes in place of " + artifact.size()));
        }
        return digest.sha256().equals(artifact.sha256())
                ? Optional.empty()
                : Optional.of(new Difference(
                        Kind.CONTENT, object.name(), "its SHA-256 is not the capture's, though its size is"));
    }
}
