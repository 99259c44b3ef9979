package io.stepvault.storage;

import java.time.LocalDate;

/** Removes what sessions with a tombstone have. For one thread. */
final class DeletedSessions {
    private final Sweep sweep;
    private final ObjectsLayout layout;
    private final Tombstones tombstones;

    DeletedSessions(Sweep sweep, ObjectsLayout layout, Tombstones tombstones) {
        this.sweep = sweep;
        this.layout = layout;
        this.tombstones = tombstones;
    }

    /** Removes all that one has: its steps, each with the commit record first, then whatever else, then its day markers. */
    void remove(String sessionId) {
        removeObjects(sessionId);
        for (LocalDate day : sweep.days(layout)) {
            sweep.find(layout.dayMarker(day, sessionId)).ifPresent(sweep::remove);
        }
    }

    /** Removes what is left of any. */
    void removeLeftovers() {
        Tombstones.Scan sessions = tombstones.scan();
        for (String prefix : sweep.directories(layout.sessions())) {
            layout.readSessionOf(prefix)
                    .filter(sessions::isDeleted)
                    .filter(this::isStillDeleted)
                    .ifPresent(this::removeObjects);
        }
        for (LocalDate day : sweep.days(layout)) {
            Tombstones.Scan markers = tombstones.scan();
            String prefix = layout.day(day);
            sweep.forEach(
                    prefix,
                    marker -> layout.readSession(prefix, marker.key())
                            .filter(markers::isDeleted)
                            .filter(this::isStillDeleted)
                            .ifPresent(session -> sweep.remove(marker)));
        }
    }

    /** Much time may have gone by since the tombstones were listed, and a session may have been restored. */
    private boolean isStillDeleted(String sessionId) {
        return tombstones.isDeleted(sessionId);
    }

    private void removeObjects(String sessionId) {
        String session = layout.session(sessionId);
        RevisionObjects.forEach(
                sweep,
                layout,
                session,
                revision -> revision.inOrderOfRemoval(layout).forEach(sweep::remove));
        sweep.forEach(session, object -> {
            if (layout.readRevisionOf(object.key()).isEmpty()) {
                sweep.remove(object);
            }
        });
    }
}
