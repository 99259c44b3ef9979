package io.stepvault.devkit.readback;

import io.stepvault.capture.ArtifactName;
import io.stepvault.capture.CommitRecord;
import io.stepvault.event.Artifact;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoredStep;
import io.stepvault.storage.object.StoreException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares what a store holds with what was published. Safe for any thread. */
public final class ReadBack {
    private final StepStore store;

    /** Reads from {@code store}, which stays open. */
    public ReadBack(StepStore store) {
        this.store = store;
    }

    /**
     * What came back of one capture.
     *
     * @param found whether the revision is there, as the latest of its step
     * @param artifacts how many artifacts were published
     * @param verified how many of these came back byte for byte, with the same SHA-256
     * @param differences a line for each thing that is not as published
     */
    public record Result(boolean found, int artifacts, int verified, List<String> differences) {}

    /** Reads a capture's latest revision with all its artifacts. */
    public Result compare(StepCapture published) {
        String name = "session " + published.getSessionId() + ", step " + published.getStepId();
        Map<String, Artifact> artifacts = ArtifactName.artifactsOf(published);
        CommitRecord expected = CommitRecord.of(published);
        StoredStep stored;
        try {
            Optional<StoredStep> latest = store.load(published.getSessionId(), published.getStepId());
            if (latest.isEmpty()) {
                return new Result(false, artifacts.size(), 0, List.of(name + ": not in the store"));
            }
            stored = latest.get();
        } catch (StoreException e) {
            return new Result(false, artifacts.size(), 0, List.of(name + ": cannot be read: " + e.getMessage()));
        }
        List<String> differences = new ArrayList<>();
        if (!stored.revision().equals(expected.revision())) {
            differences.add(name + ": revision " + stored.revision() + ", published " + expected.revision());
        } else if (!stored.record().equals(expected)) {
            differences.add(name + ": the commit record is not what was published");
        }
        boolean found = differences.isEmpty();
        int verified = 0;
        for (Map.Entry<String, Artifact> artifact : artifacts.entrySet()) {
            Optional<String> difference =
                    difference(stored, artifact.getKey(), artifact.getValue().getData());
            difference.ifPresent(line -> differences.add(name + ", " + artifact.getKey() + ": " + line));
            verified += difference.isEmpty() ? 1 : 0;
        }
        return new Result(found, artifacts.size(), verified, differences);
    }

    private static Optional<String> difference(StoredStep stored, String artifact, ByteBuffer published) {
        try {
            byte[] bytes = stored.read(artifact);
            String expected = sha256(published.duplicate());
            String actual = sha256(ByteBuffer.wrap(bytes));
            if (actual.equals(expected) && published.equals(ByteBuffer.wrap(bytes))) {
                return Optional.empty();
            }
            return Optional.of("SHA-256 " + actual + ", published " + expected);
        } catch (StoreException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static String sha256(ByteBuffer bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
