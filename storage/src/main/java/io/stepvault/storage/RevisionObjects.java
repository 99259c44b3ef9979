package io.stepvault.storage;

import io.stepvault.storage.ObjectsLayout.RevisionPlace;
import io.stepvault.storage.object.ObjectInfo;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * All objects of one revision, committed or not.
 *
 * @param prefix what their keys begin with
 */
record RevisionObjects(RevisionPlace place, String prefix, List<ObjectInfo> objects) {
    /** Copies. */
    RevisionObjects {
        objects = List.copyOf(objects);
    }

    /** Shows the revisions under {@code prefix} one by one, in the order of their keys; passes over all else. */
    static void forEach(Sweep sweep, ObjectsLayout layout, String prefix, Consumer<RevisionObjects> action) {
        forEach(sweep, layout, prefix, action, stranger -> {});
    }

    /** Shows the revisions one by one, and what lies among them and is of none. */
    static void forEach(
            Sweep sweep,
            ObjectsLayout layout,
            String prefix,
            Consumer<RevisionObjects> action,
            Consumer<ObjectInfo> strangers) {
        List<ObjectInfo> together = new ArrayList<>();
        Runnable flush = () -> {
            if (!together.isEmpty()) {
                String first = together.get(0).key();
                RevisionPlace place = layout.readRevisionOf(first).orElseThrow();
                action.accept(new RevisionObjects(
                        place, layout.revision(place.sessionId(), place.stepId(), place.revision()), together));
                together.clear();
            }
        };
        sweep.forEach(prefix, object -> {
            Optional<RevisionPlace> place = layout.readRevisionOf(object.key());
            if (!together.isEmpty()
                    && !place.equals(layout.readRevisionOf(together.get(0).key()))) {
                flush.run();
            }
            if (place.isPresent()) {
                together.add(object);
            } else {
                strangers.accept(object);
            }
        });
        flush.run();
    }

    SessionEntry day() {
        return new SessionEntry(capturedOn(), place.sessionId());
    }

    LocalDate capturedOn() {
        return ObjectsLayout.dayOf(place.revision());
    }

    boolean isCommitted(ObjectsLayout layout) {
        String commit = layout.commitRecord(prefix);
        return objects.stream().anyMatch(object -> object.key().equals(commit));
    }

    /** The commit record first, so that nobody finds a part of what is being removed. */
    List<ObjectInfo> inOrderOfRemoval(ObjectsLayout layout) {
        String commit = layout.commitRecord(prefix);
        List<ObjectInfo> ordered = new ArrayList<>(objects.size());
        objects.stream().filter(object -> object.key().equals(commit)).forEach(ordered::add);
        objects.stream().filter(object -> !object.key().equals(commit)).forEach(ordered::add);
        return ordered;
    }
}
