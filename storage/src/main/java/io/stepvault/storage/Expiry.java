package io.stepvault.storage;

import io.stepvault.storage.object.ObjectInfo;
import java.time.LocalDate;
import java.util.Optional;

/** Steps that are too old, found by day markers. For one thread. */
final class Expiry {
    private final RemovalRun run;
    private final LocalDate before;

    /** Of what was captured on UTC days before {@code before}. */
    Expiry(RemovalRun run, LocalDate before) {
        this.run = run;
        this.before = before;
    }

    void removeAll() {
        for (LocalDate day : run.sweep().days(run.layout())) {
            if (day.isBefore(before)) {
                String prefix = run.layout().day(day);
                run.sweep()
                        .forEach(
                                prefix,
                                marker -> run.layout()
                                        .readSession(prefix, marker.key())
                                        .ifPresent(session -> remove(new SessionEntry(day, session), marker)));
            }
        }
    }

    private void remove(SessionEntry day, ObjectInfo marker) {
        if (!run.begin(day)) {
            Optional<String> why = run.heldBecause(day.sessionId());
            run.sweep().leaveHeld(day.sessionId(), why.orElseThrow());
            return;
        }
        RevisionObjects.forEach(run.sweep(), run.layout(), run.layout().steps(day.sessionId()), revision -> {
            if (revision.capturedOn().equals(day.day())) {
                run.remove(revision);
            }
        });
        run.removeMarker(day, marker);
    }

    /** Whether {@link #removeAll} would take what a session has of a day. */
    boolean takes(SessionEntry day) {
        return day.day().isBefore(before)
                && run.sweep()
                        .find(run.layout().dayMarker(day.day(), day.sessionId()))
                        .isPresent()
                && run.heldBecause(day.sessionId()).isEmpty();
    }
}
