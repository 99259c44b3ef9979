package io.stepvault.worker.audit;

import io.stepvault.capture.ArtifactInfo;
import io.stepvault.capture.ArtifactName;
import io.stepvault.capture.CommitRecord;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.LifecyclePolicy;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What a store must hold of a capture: a few hundred bytes in place of the capture itself. Immutable.
 *
 * @param place where it lies on the topic
 * @param commitSha256 SHA-256 of its {@code step.json}, 64 lower-case hex digits
 * @param commitBytes the size of that
 * @param held whether the store's policy holds one of its labels
 * @param artifacts one for each artifact
 */
public record AuditedCapture(
        RevisionName name,
        CapturePlace place,
        String commitSha256,
        long commitBytes,
        boolean held,
        List<AuditedArtifact> artifacts) {
    /** Copies. */
    public AuditedCapture {
        artifacts = List.copyOf(artifacts);
    }

    /**
     * Reads and hashes a capture; nothing of it is kept.
     *
     * @param policy that of the store
     * @throws IllegalArgumentException if it can never be stored
     */
    public static AuditedCapture of(StepCapture capture, CapturePlace place, LifecyclePolicy policy) {
        CommitRecord record = CommitRecord.of(capture);
        byte[] json = record.toJson();
        List<AuditedArtifact> artifacts = new ArrayList<>();
        ArtifactName.artifactsOf(capture).forEach((name, artifact) -> {
            ArtifactInfo info = record.artifacts().get(name);
            if (info != null) {
                artifacts.add(AuditedArtifact.of(name, artifact, info.sha256()));
            }
        });
        return new AuditedCapture(
                new RevisionName(record.sessionId(), record.stepId(), record.revision(json)),
                place,
                sha256(json),
                json.length,
                policy.holdOf(record.labels()).isPresent(),
                artifacts);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The same capture at another of its places. */
    AuditedCapture at(CapturePlace other) {
        return new AuditedCapture(name, other, commitSha256, commitBytes, held, artifacts);
    }

    /** Whether it is the same capture, wherever it lies on the topic. */
    boolean isRepeatOf(AuditedCapture other) {
        return name.equals(other.name) && commitSha256.equals(other.commitSha256);
    }
}
