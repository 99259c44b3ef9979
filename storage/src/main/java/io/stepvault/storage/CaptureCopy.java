package io.stepvault.storage;

import io.stepvault.capture.ArtifactInfo;
import io.stepvault.capture.ArtifactName;
import io.stepvault.capture.Artifacts;
import io.stepvault.capture.CommitRecord;
import io.stepvault.capture.StepCaptures;
import io.stepvault.event.Artifact;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectRefusedException;
import io.stepvault.storage.object.StoreException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Copies single captures from one store to another. Holds all artifacts of one in memory. Safe for any thread. */
final class CaptureCopy {
    /**
     * What came of it.
     *
     * @param cause why it failed, if it did
     */
    record Outcome(StepAddress capture, Copied copied, Optional<StoreException> cause) {}

    private final StepStore from;
    private final StepStore to;

    CaptureCopy(StepStore from, StepStore to) {
        this.from = from;
        this.to = to;
    }

    Outcome copy(StepEntry entry) {
        StepAddress capture = StepAddress.of(entry);
        try {
            Optional<StoredStep> step = from.load(entry.sessionId(), entry.stepId(), entry.revision());
            return step.isEmpty() ? gone(capture) : copy(capture, step.get());
        } catch (ObjectNotFoundException e) {
            return gone(capture);
        } catch (StoreException e) {
            return failed(capture, e);
        }
    }

    private Outcome copy(StepAddress capture, StoredStep step) {
        // Fields that a later version may have written would be lost, and the revision with them.
        if (!step.record().revision().equals(step.revision())) {
            return failed(
                    capture,
                    new ObjectRefusedException(
                            from.location().toString(),
                            "",
                            "step " + capture.stepId() + ", revision " + step.revision()
                                    + " has fields that this version does not know; copy it with a later version",
                            null));
        }
        StoreOutcome outcome = to.store(List.of(read(step))).get(0);
        if (outcome instanceof StoreOutcome.SessionDeleted) {
            return gone(capture);
        }
        if (outcome instanceof StoreOutcome.Failed failed) {
            return failed(capture, failed.cause());
        }
        StoreOutcome.Stored stored = (StoreOutcome.Stored) outcome;
        if (!stored.revision().equals(step.revision())) {
            return failed(
                    capture,
                    new ObjectCorruptException(
                            to.location().toString(),
                            "",
                            "step " + capture.stepId() + ", revision " + step.revision() + " was stored as "
                                    + stored.revision() + "; please report it",
                            null));
        }
        long bytes = step.record().artifacts().values().stream()
                .mapToLong(ArtifactInfo::size)
                .sum();
        return new Outcome(capture, Copied.oneCapture(bytes), Optional.empty());
    }

    private static Outcome gone(StepAddress capture) {
        return new Outcome(capture, Copied.oneGone(), Optional.empty());
    }

    private static Outcome failed(StepAddress capture, StoreException cause) {
        return new Outcome(capture, Copied.oneFailed(), Optional.of(cause));
    }

    /** The capture as it was published. What is read is compared with the commit record. */
    private static StepCapture read(StoredStep step) {
        CommitRecord record = step.record();
        StepCapture.Builder capture = StepCaptures.of(record.sessionId(), record.stepId(), record.capturedAt());
        Map<String, Artifact> attachments = new HashMap<>();
        record.artifacts().forEach((name, info) -> {
            Artifact artifact = Artifacts.of(info.contentType(), step.read(name));
            switch (name) {
                case ArtifactName.HTML -> capture.setHtml(artifact);
                case ArtifactName.SCREENSHOT -> capture.setScreenshot(artifact);
                default -> attachments.put(name.substring(ArtifactName.ATTACHMENT_PREFIX.length()), artifact);
            }
        });
        record.sequence().ifPresent(capture::setSequence);
        record.url().ifPresent(capture::setUrl);
        record.action().ifPresent(capture::setAction);
        return capture.setAttachments(attachments)
                .setLabels(record.labels())
                .setEndOfSession(record.endOfSession())
                .build();
    }
}
