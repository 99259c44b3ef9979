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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A capture, hashed, with every object it becomes.
 *
 * @param dayMarker key of the marker of its session and day
 * @param artifacts what is written before the commit record
 * @param places where each of these may be, whoever wrote it
 * @param commit the commit record
 */
record PreparedStep(
        StoreOutcome.Stored outcome,
        String dayMarker,
        List<PutRequest> artifacts,
        List<ArtifactKeys> places,
        PutRequest commit) {
    private static final Pattern HEADER_VALUE = Pattern.compile("[!-~](?:[ -~]{0,254}[!-~])?");
    private static final String ANY_TYPE = "application/octet-stream";

    /**
     * Hashes a capture and lays it out.
     *
     * @throws IllegalArgumentException if it can never be stored
     */
    static PreparedStep of(StepToStore step, Preparation preparation) {
        ObjectsLayout layout = preparation.layout();
        CommitRecord record = CommitRecord.of(step.capture());
        byte[] json = record.toJson();
        Revision revision = record.revision(json);
        String prefix = layout.revision(record.sessionId(), record.stepId(), revision);
        List<PutRequest> artifacts = new ArrayList<>();
        List<ArtifactKeys> places = new ArrayList<>();
        SortedMap<String, URI> uris = new TreeMap<>();
        for (Map.Entry<String, Artifact> entry :
                ArtifactName.artifactsOf(step.capture()).entrySet()) {
            Artifact artifact = entry.getValue();
            ArtifactKeys keys = layout.artifactKeys(prefix, entry.getKey(), artifact.getContentType());
            PutRequest put = put(
                    keys,
                    artifact,
                    step.provenance(),
                    preparation.compression(),
                    Objects.requireNonNull(record.artifacts().get(entry.getKey()))
                            .sha256());
            artifacts.add(put);
            places.add(keys);
            uris.put(entry.getKey(), preparation.uriOf().apply(put.key()));
        }
        LocalDate day = ObjectsLayout.dayOf(revision);
        return new PreparedStep(
                new StoreOutcome.Stored(record, revision, uris),
                layout.dayMarker(day, record.sessionId()),
                artifacts,
                places,
                new PutRequest(
                        layout.commitRecord(prefix), "application/json", ByteBuffer.wrap(json), step.provenance()));
    }

    private static PutRequest put(
            ArtifactKeys keys,
            Artifact artifact,
            Map<String, String> metadata,
            Compression compression,
            String sha256) {
        String contentType = asHeader(artifact.getContentType());
        ByteBuffer data = artifact.getData();
        if (compression == Compression.GZIP && Gzip.mayPay(artifact.getContentType(), data.remaining())) {
            Optional<ByteBuffer> compressed = Gzip.compressed(data);
            if (compressed.isPresent()) {
                return new PutRequest(
                        keys.gzip(), contentType, Optional.of("gzip"), compressed.get(), metadata, Optional.empty());
            }
        }
        return new PutRequest(keys.plain(), contentType, Optional.empty(), data, metadata, Optional.of(sha256));
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

    /**
     * Every key that an object of this step may have, but for the day marker, the commit record first: the order in which
     * they are removed.
     */
    List<String> keys() {
        List<String> keys = new ArrayList<>(1 + 2 * places.size());
        keys.add(commit.key());
        places.forEach(place -> keys.addAll(place.both()));
        return keys;
    }

    /** Whether all of it is there, each artifact in one form or the other. */
    boolean isWhole(Set<String> there) {
        return there.contains(commit.key())
                && places.stream().allMatch(place -> place.both().stream().anyMatch(there::contains));
    }

    /** A published content type is hostile input. The commit record keeps it to the letter; a header may not. */
    private static String asHeader(String contentType) {
        return HEADER_VALUE.matcher(contentType).matches() ? contentType : ANY_TYPE;
    }
}
