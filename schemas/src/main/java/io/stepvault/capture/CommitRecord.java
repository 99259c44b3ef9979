package io.stepvault.capture;

import io.stepvault.event.StepCapture;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that a capture says, with each artifact replaced by its description. Its canonical form is the object
 * {@code step.json}, and the SHA-256 of that form is what names the {@link Revision}: so the commit record proves its
 * own key, and two captures that say the same thing are the same revision.
 *
 * <p>Immutable; safe for any thread.
 *
 * @param sessionId the session, as published
 * @param stepId the step, as published
 * @param capturedAt capture time, whole microseconds
 * @param sequence position in the session, if the producer counted
 * @param url address of the page, if given
 * @param action the action's JSON text to the letter, if given
 * @param artifacts description of each artifact by {@link ArtifactName}
 * @param labels free text by name
 * @param endOfSession whether this was the session's last step
 */
public record CommitRecord(
        String sessionId,
        String stepId,
        Instant capturedAt,
        Optional<Long> sequence,
        Optional<String> url,
        Optional<String> action,
        SortedMap<String, ArtifactInfo> artifacts,
        SortedMap<String, String> labels,
        boolean endOfSession) {

    /** Copies the maps, sorted, and cuts the time to whole microseconds, which is what the wire carries. */
    public CommitRecord {
        capturedAt = capturedAt.truncatedTo(ChronoUnit.MICROS);
        artifacts = Collections.unmodifiableSortedMap(new TreeMap<>(artifacts));
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    /** Describes a capture. Reads and hashes every artifact, so call it once per capture. */
    public static CommitRecord of(StepCapture capture) {
        SortedMap<String, ArtifactInfo> artifacts = new TreeMap<>();
        ArtifactName.artifactsOf(capture).forEach((name, artifact) -> artifacts.put(name, ArtifactInfo.of(artifact)));
        return new CommitRecord(
                capture.getSessionId(),
                capture.getStepId(),
                capture.getCapturedAt(),
                capture.getSequence(),
                capture.getUrl(),
                capture.getAction(),
                artifacts,
                new TreeMap<>(capture.getLabels()),
                capture.getEndOfSession());
    }

    /**
     * The canonical form, as stored in {@code step.json}.
     *
     * @throws IllegalArgumentException if a text is not valid Unicode (holds an unpaired surrogate)
     */
    public byte[] toJson() {
        return CommitRecordJson.write(this);
    }

    /**
     * Reads {@code step.json}. Fields of a later version are passed over.
     *
     * @throws IllegalArgumentException if the bytes are not a commit record
     */
    public static CommitRecord parse(byte[] json) {
        return CommitRecordJson.read(json);
    }

    /** The revision that this record, with {@code json} as its canonical form, commits. */
    public Revision revision(byte[] json) {
        return new Revision(
                capturedAt, ArtifactInfo.sha256(ByteBuffer.wrap(json)).substring(0, 16));
    }

    /** The revision that this record commits. */
    public Revision revision() {
        return revision(toJson());
    }
}
