package io.stepvault.worker.cli;

import io.stepvault.capture.ArtifactInfo;
import io.stepvault.capture.CommitRecord;
import io.stepvault.storage.StoredStep;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Copies artifacts of a step out of the store, compared on the way with what the commit record says. */
final class ArtifactCopy {
    private static final int BUFFER = 64 * 1024;

    private final StoredStep step;

    ArtifactCopy(StoredStep step) {
        this.step = step;
    }

    /** What is known of an artifact that the step has. */
    ArtifactInfo info(String artifact) {
        CommitRecord record = step.record();
        ArtifactInfo info = record.artifacts().get(artifact);
        if (info == null) {
            throw new IllegalArgumentException("the step has no such artifact");
        }
        return info;
    }

    /**
     * Writes an artifact. When it differs, that shows only at its end: what was written until then is void.
     *
     * @throws CommandFailure if it is not what was stored, or if the target fails
     * @throws StoreException if the store fails
     */
    void toStream(String artifact, OutputStream target) {
        byte[] buffer = new byte[BUFFER];
        try (InputStream source = step.open(artifact)) {
            for (int count = read(source, buffer, artifact); count >= 0; count = read(source, buffer, artifact)) {
                target.write(buffer, 0, count);
            }
            target.flush();
        } catch (IOException e) {
            throw CommandFailure.couldNotRun("cannot write " + artifact + ": " + e.getMessage(), e);
        }
    }

    private static int read(InputStream source, byte[] buffer, String artifact) {
        try {
            return source.read(buffer);
        } catch (IOException e) {
            if (e.getCause() instanceof ObjectCorruptException corrupt) {
                throw CommandFailure.problem("artifact " + artifact + " is damaged: " + corrupt.getMessage(), corrupt);
            }
            throw CommandFailure.couldNotRun(
                    "reading artifact " + artifact + " broke off: " + e.getMessage() + "; try again", e);
        }
    }
}
