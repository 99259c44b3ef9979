package io.stepvault.storage;

import io.stepvault.capture.ArtifactName;
import io.stepvault.capture.CommitRecord;
import io.stepvault.capture.Revision;
import io.stepvault.event.Artifact;
import io.stepvault.storage.object.PutRequest;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A capture, hashed, with every object it becomes.
 *
 * @param dayMarker key of the marker of its session and day
 * @param artifacts what is written before the commit record
 * @param commit the commit record
 */
record PreparedStep(StoreOutcome.Stored outcome, String dayMarker, List<PutRequest> artifacts, PutRequest commit) {
    private static final Pattern HEADER_VALUE = Pattern.compile("[!-~](?:[ -~]{0,254}[!-~])?");
    private static final String ANY_TYPE = "application/octet-stream";

    /**
     * Hashes a capture and lays it out.
     *
     * @throws IllegalArgumentException if it can never be stored
     */
    static PreparedStep of(StepToStore step, ObjectsLayout layout, Function<String, URI> uriOf) {
        CommitRecord record = CommitRecord.of(step.capture());
        byte[] json = record.toJson();
        Revision revision = record.revision(json);
        String prefix = layout.revision(record.sessionId(), record.stepId(), revision);
        List<PutRequest> artifacts = new ArrayList<>();
        SortedMap<String, URI> uris = new TreeMap<>();
        for (Map.Entry<String, Artifact> entry :
                ArtifactName.artifactsOf(step.capture()).entrySet()) {
            Artifact artifact = entry.getValue();
            String key = layout.artifact(prefix, entry.getKey(), artifact.getContentType());
            String contentType = asHeader(artifact.getContentType());
            artifacts.add(new PutRequest(key, contentType, artifact.getData(), step.provenance()));
            uris.put(entry.getKey(), uriOf.apply(key));
        }
        LocalDate day = ObjectsLayout.dayOf(revision);
        return new PreparedStep(
                new StoreOutcome.Stored(record, revision, uris),
                layout.dayMarker(day, record.sessionId()),
                artifacts,
                new PutRequest(
                        layout.commitRecord(prefix), "application/json", ByteBuffer.wrap(json), step.provenance()));
    }

    String sessionId() {
        return outcome.record().sessionId();
    }

    String stepId() {
        return outcome.record().stepId();
    }

    /** UTC day of capture. */
    LocalDate day() {
        return ObjectsLayout.dayOf(outcome.revision());
    }

    /** The keys of all objects but the day marker, the commit record first: the order in which they are removed. */
    List<String> keys() {
        List<String> keys = new ArrayList<>(artifacts.size() + 1);
        keys.add(commit.key());
        artifacts.forEach(artifact -> keys.add(artifact.key()));
        return keys;
    }

    /** A published content type is hostile input. The commit record keeps it to the letter; a header may not. */
    private static String asHeader(String contentType) {
        return HEADER_VALUE.matcher(contentType).matches() ? contentType : ANY_TYPE;
    }
}
