package io.stepvault.storage;

import io.stepvault.storage.object.TransientStoreException;
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

    /**
     * Removes all that one has: its steps, each with the commit record first, then whatever else, then its day markers.
     *
     * @throws TransientStoreException if it was restored meanwhile
     */
    void remove(String sessionId) {
        removeObjects(sessionId);
        for (LocalDate day : sweep.days(layout)) {
            sweep.find(layout.dayMarker(day, sessionId)).ifPresent(sweep::remove);
        }
        if (!sweep.isDryRun()) {
            refuseRestored(sessionId);
        }
    }

    /**
     * Removes what is left of any.
     *
     * @throws TransientStoreException if one was restored meanwhile
     */
    void removeLeftovers() {
        Tombstones.Scan sessions = tombstones.scan();
        for (String prefix : sweep.directories(layout.sessions())) {
            layout.readSessionOf(prefix)
                    .filter(sessions::isDeleted)
                    // Much time may have gone by since the tombstones were listed, and it may have been restored.
                    .filter(tombstones::isDeleted)
                    .ifPresent(session -> {
                        removeObjects(session);
                        refuseRestored(session);
                    });
        }
        for (LocalDate day : sweep.days(layout)) {
            Tombstones.Scan markers = tombstones.scan();
            String prefix = layout.day(day);
            sweep.forEach(
                    prefix,
                    marker -> layout.readSession(prefix, marker.key())
                            .filter(markers::isDeleted)
                            .filter(tombstones::isDeleted)
                            .ifPresent(session -> {
                                sweep.remove(marker);
                                refuseRestored(session);
                            }));
        }
    }

    /** What is still deleted now is restored later, with all that was removed here. */
    private void refuseRestored(String sessionId) {
        if (!tombstones.isDeleted(sessionId)) {
            throw new TransientStoreException(
                    "",
                    layout.session(sessionId),
                    "the session was restored while it was removed; restore it once more",
                    null);
        }
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
