package io.stepvault.storage;

import io.stepvault.capture.CommitRecord;
import io.stepvault.storage.ObjectsLayout.RevisionPlace;
import io.stepvault.storage.object.ObjectVersion;
import io.stepvault.storage.object.TransientStoreException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Brings a session back from what the store keeps of deleted objects: of each revision the day marker, then the
 * artifacts, then the commit record, as a writer would; the tombstone goes when all is back, so that readers see the
 * session whole or not at all. Whoever has removed something because of the tombstone and still saw it afterwards, has
 * done so before that; like a writer of old steps ({@link OldSteps}) it then looks for whoever removes those; and after
 * both, once more at what is there. For one thread.
 */
final class Restoration {
    private static final int PASSES = 4;

    private final Sweep sweep;
    private final VersionSweep versions;
    private final ObjectsLayout layout;
    private final Clock clock;
    private final Optional<Instant> at;
    private final Set<LocalDate> days = new TreeSet<>();

    /** Of what was there at a time; or of all that there ever was and is kept. */
    Restoration(Sweep sweep, VersionSweep versions, ObjectsLayout layout, Clock clock, Optional<Instant> at) {
        this.sweep = sweep;
        this.versions = versions;
        this.layout = layout;
        this.clock = clock;
        this.at = at;
    }

    Restored restore(String sessionId) {
        Pass first = new Pass();
        first.over(sessionId);
        Restored all = first.result(0, 0, 0);
        if (sweep.isDryRun() || days.isEmpty()) {
            return all;
        }
        sweep.delete(layout.tombstone(sessionId));
        for (int pass = 1; pass < PASSES; pass++) {
            refuseIfRemoved(sessionId);
            Pass again = new Pass();
            again.over(sessionId);
            all = again.result(all.revisions(), all.objects(), all.bytes());
            if (again.objects == 0) {
                return all;
            }
        }
        throw new TransientStoreException(
                "", layout.session(sessionId), "what came back was removed again and again; try later", null);
    }

    private void refuseIfRemoved(String sessionId) {
        for (LocalDate day : days) {
            String marks = layout.removals(day, sessionId);
            if (sweep.anyMatch(marks, mark -> !RemovalMarks.isAbandoned(mark, clock.instant()))) {
                throw new TransientStoreException(
                        "", marks, "old steps of this day and session are being removed; restore it later", null);
            }
        }
    }

    /** One look at all that there is. */
    private final class Pass {
        private final Set<LocalDate> marked = new HashSet<>();
        private long revisions;
        private long objects;
        private long bytes;
        private long lost;

        Restored result(long revisionsBefore, long objectsBefore, long bytesBefore) {
            return new Restored(revisionsBefore + revisions, objectsBefore + objects, bytesBefore + bytes, lost);
        }

        void over(String sessionId) {
            versions.forEachRevision(layout.steps(sessionId), this::restore);
        }

        private void restore(List<ObjectVersion> ofRevision) {
            RevisionPlace place = layout.readRevisionOf(ofRevision.get(0).key()).orElseThrow();
            String prefix = layout.revision(place.sessionId(), place.stepId(), place.revision());
            Map<String, List<ObjectVersion>> byKey = new LinkedHashMap<>();
            ofRevision.forEach(version -> byKey.computeIfAbsent(version.key(), key -> new ArrayList<>())
                    .add(version));
            List<ObjectVersion> commit = byKey.getOrDefault(layout.commitRecord(prefix), List.of());
            if (!wasThere(commit)) {
                return;
            }
            boolean isWhole = byKey.values().stream()
                    .noneMatch(ofKey -> isHidden(ofKey) && content(ofKey).isPresent());
            Optional<String> missing = isWhole ? Optional.empty() : missing(prefix, commit, byKey);
            if (missing.isPresent()) {
                lost++;
                sweep.tellLost(prefix, missing.get());
                return;
            }
            LocalDate day = ObjectsLayout.dayOf(place.revision());
            if (marked.add(day)) {
                days.add(day);
                mark(layout.dayMarker(day, place.sessionId()));
            }
            if (!isWhole) {
                byKey.values().stream().filter(ofKey -> ofKey != commit).forEach(this::bringBack);
                bringBack(commit);
                revisions++;
            }
        }

        private void mark(String dayMarker) {
            if (sweep.find(dayMarker).isEmpty()) {
                sweep.put(dayMarker);
            }
        }

        private void bringBack(List<ObjectVersion> ofKey) {
            Optional<ObjectVersion> content = content(ofKey);
            if (isHidden(ofKey) && content.isPresent()) {
                if (!sweep.isDryRun()) {
                    versions.bringBack(ofKey);
                }
                objects++;
                bytes += content.get().size();
                sweep.tellRestored(content.get());
            }
        }
    }

    private static boolean isHidden(List<ObjectVersion> ofKey) {
        return ofKey.get(0).isDeleteMarker();
    }

    /** Every version of an object of ours has the same bytes. */
    private static Optional<ObjectVersion> content(List<ObjectVersion> ofKey) {
        return ofKey.stream().filter(version -> !version.isDeleteMarker()).findFirst();
    }

    private boolean wasThere(List<ObjectVersion> commit) {
        return at.map(time -> commit.stream()
                        .filter(version -> !version.at().isAfter(time))
                        .findFirst()
                        .filter(version -> !version.isDeleteMarker())
                        .isPresent())
                .orElseGet(() -> content(commit).isPresent());
    }

    /** What the commit record names and the store no longer has in any version. */
    private Optional<String> missing(
            String prefix, List<ObjectVersion> commit, Map<String, List<ObjectVersion>> byKey) {
        CommitRecord record;
        try {
            record = CommitRecord.parse(versions.read(content(commit).orElseThrow()));
        } catch (IllegalArgumentException e) {
            return Optional.of("its commit record cannot be read");
        }
        return record.artifacts().entrySet().stream()
                .filter(artifact ->
                        layout
                                .artifactKeys(
                                        prefix,
                                        artifact.getKey(),
                                        artifact.getValue().contentType())
                                .both()
                                .stream()
                                .noneMatch(key -> content(byKey.getOrDefault(key, List.of()))
                                        .isPresent()))
                .findFirst()
                .map(artifact -> "no version is left of its artifact " + artifact.getKey());
    }
}
