package io.stepvault.worker.spool.view;

import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectPage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which keys the captures of a disk queue have. Takes a few hundred bytes of memory for each capture. Does no I/O; for
 * one thread at a time.
 */
final class SpoolIndex {
    private final Map<String, List<SpooledRevision>> files = new HashMap<>();
    // The same capture may wait more than once: it was read from the topic again.
    private final NavigableMap<String, List<SpooledRevision>> revisions = new TreeMap<>();
    private final NavigableMap<String, List<SpooledRevision>> dayMarkers = new TreeMap<>();

    /** The names of the files that are indexed. */
    Set<String> files() {
        return Set.copyOf(files.keySet());
    }

    void add(String file, List<SpooledRevision> captures) {
        files.put(file, List.copyOf(captures));
        for (SpooledRevision each : captures) {
            revisions
                    .computeIfAbsent(each.prefix(), prefix -> new ArrayList<>(1))
                    .add(each);
            dayMarkers
                    .computeIfAbsent(each.dayMarker(), marker -> new ArrayList<>(1))
                    .add(each);
        }
    }

    void remove(String file) {
        for (SpooledRevision each : Optional.ofNullable(files.remove(file)).orElse(List.of())) {
            remove(revisions, each.prefix(), each);
            remove(dayMarkers, each.dayMarker(), each);
        }
    }

    private static void remove(Map<String, List<SpooledRevision>> map, String key, SpooledRevision revision) {
        map.computeIfPresent(key, (same, those) -> {
            those.remove(revision);
            return those.isEmpty() ? null : those;
        });
    }

    /** A page of the keys that the queue's captures will have. */
    ObjectPage list(ListRequest request) {
        String after = request.startAfter().orElse("");
        String from = after.compareTo(request.prefix()) < 0 ? request.prefix() : after;
        Stream<ObjectInfo> markers = dayMarkers.tailMap(from, true).entrySet().stream()
                .map(marker -> marker(marker.getKey(), marker.getValue().get(0)));
        // The keys of the revision before may go on after it.
        String first = Optional.ofNullable(revisions.floorKey(from)).orElse(from);
        Stream<ObjectInfo> objects = revisions.tailMap(first, true).values().stream()
                .flatMap(those -> those.get(0).objects());
        return ObjectPage.of(
                Stream.concat(markers, objects) // "days/" comes before "sessions/"
                        .filter(object -> object.key().compareTo(from) >= 0)
                        .filter(object -> !object.key().equals(after))
                        .iterator(),
                request);
    }

    /** What is known of an object. */
    Optional<ObjectInfo> info(String key) {
        if (dayMarkers.containsKey(key)) {
            return Optional.of(marker(key, dayMarkers.get(key).get(0)));
        }
        return revision(key)
                .flatMap(revision -> revision.objects()
                        .filter(object -> object.key().equals(key))
                        .findFirst());
    }

    /** The capture that an artifact or a commit record is made of. */
    Optional<SpooledRevision> revision(String key) {
        return Optional.ofNullable(revisions.floorEntry(key))
                .map(those -> those.getValue().get(0))
                .filter(revision -> revision.has(key));
    }

    private static ObjectInfo marker(String key, SpooledRevision revision) {
        return new ObjectInfo(key, 0, revision.batch().writtenAt());
    }
}
